"""Writes sfe-sums.txt: what OpenCV makes of the 137 published images of stacking faults, which are not part of this project.

python3 with opencv-python-headless; the folder that holds images/CHGCAR-1.png ... is the only argument. One line an image: its
number, the CRC-32 of its values (BGR), and those of cv2.resize by INTER_AREA to 73 x 196 and 75 x 196 and by INTER_LINEAR to
75 x 196. Made with OpenCV 4.14.0; 5.0.0 gives the same.
"""
import sys
import zlib

import cv2

with open("sfe-sums.txt", "w") as file:
    for number in range(1, 138):
        image = cv2.imread(f"{sys.argv[1]}/images/CHGCAR-{number}.png")
        results = [image] + [cv2.resize(image, (196, height), interpolation=method) for height, method in ((73, cv2.INTER_AREA), (75, cv2.INTER_AREA), (75, cv2.INTER_LINEAR))]
        file.write(f"{number} {' '.join(str(zlib.crc32(result.tobytes())) for result in results)}\n")
