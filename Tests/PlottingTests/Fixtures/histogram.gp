# Drawn by ecdx with gnuplot. The data stand in this file; run gnuplot on it to draw the figure again.
set encoding utf8
set terminal svg size 465,382 fixed noenhanced font 'sans-serif,12' linewidth 1 rounded background rgb 'white'
set output './histogram.svg'
set lmargin at screen 0.109763
set rmargin at screen 0.969978
set tmargin at screen 0.903141
set bmargin at screen 0.196335
set border 3 linewidth 0.8 linecolor rgb '#333333'
set tics out nomirror scale 0.6,0.35 font ',11'
unset key
set label 'gaps' at screen 0.109763,0.955497 left front noenhanced font ',14' textcolor rgb '#000000'
set label 'gap (eV)' at screen 0.539871,0.0863874 center front noenhanced font ',12' textcolor rgb '#000000'
set label 'count' at screen 0.0344086,0.549738 center rotate by 90 front noenhanced font ',12' textcolor rgb '#000000'
set label '1 of 10 values are not finite.' at screen 0.109763,0.026178 left front noenhanced font ',11' textcolor rgb '#555555'
set xrange [0.92:5.08]
set xtics ('1.0' 1, '1.5' 1.5, '2.0' 2, '2.5' 2.5, '3.0' 3, '3.5' 3.5, '4.0' 4, '4.5' 4.5, '5.0' 5) noenhanced
set yrange [0:3.18]
set ytics ('0' 0, '1' 1, '2' 2, '3' 3) noenhanced
$data1 << END_OF_DATA
1.4 1
2.2 2
3 3
3.8 2
4.6 1
END_OF_DATA
plot $data1 using 1:2:(0.8) with boxes fillstyle solid 0.75 border rgb '#333333' linecolor rgb '#0072B2' notitle
unset output
