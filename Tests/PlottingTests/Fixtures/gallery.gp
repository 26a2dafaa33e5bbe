# Drawn by ecdx with gnuplot. The data stand in this file; run gnuplot on it to draw the figure again.
set encoding utf8
set terminal svg size 553,438 fixed noenhanced font 'sans-serif,12' linewidth 1 rounded background rgb 'white'
set output './gallery.svg'
set lmargin at screen 0.0144665
set rmargin at screen 0.835443
set tmargin at screen 0.929224
set bmargin at screen 0.0707763
set border 3 linewidth 0.8 linecolor rgb '#333333'
set tics out nomirror scale 0.6,0.35 font ',11'
unset key
unset border
unset tics
set xrange [-2:452]
set yrange [-2:374]
set label 'planes' at screen 0.0180832,0.961187 left front noenhanced font ',14' textcolor rgb '#000000'
set label 'Colours end above at 2.00 e/Å³ (percentile 90).' at screen 0.0180832,0.0228311 left front noenhanced font ',11' textcolor rgb '#555555'
set palette defined (0 '#440154', 1 '#481A6C', 2 '#472F7D', 3 '#414487', 4 '#39568C', 5 '#31688E', 6 '#2A788E', 7 '#23888E', 8 '#1F988B', 9 '#22A884', 10 '#35B779', 11 '#54C568', 12 '#7AD151', 13 '#A5DB36', 14 '#D2E21B', 15 '#FDE725')
set cbrange [0:2]
set colorbox user origin screen 0.860759,0.139269 size screen 0.0253165,0.684932 border
set cbtics ('0.0' 0, '0.5' 0.5, '1.0' 1, '1.5' 1.5, '2.0' 2) noenhanced out nomirror scale 0.5,0.3 font ',11'
set label 'density (e/Å³)' at screen 0.959277,0.481735 center rotate by 90 front noenhanced font ',12' textcolor rgb '#000000'
set label 'Al' at screen 0.216998,0.908676 center front noenhanced font ',11' textcolor rgb '#000000'
$data1 << END_OF_DATA
1.28 1.62 2 2
0.32 0.5 0.72 0.98
0 0.02 0.08 0.18
END_OF_DATA
set label 'Cu' at screen 0.632911,0.908676 center front noenhanced font ',11' textcolor rgb '#000000'
$data2 << END_OF_DATA
1.28 1.62 2 2
0.32 0.5 0.72 0.98
0 0.02 0.08 0.18
END_OF_DATA
set label 'Pd3Ti' at screen 0.216998,0.472603 center front noenhanced font ',11' textcolor rgb '#000000'
$data3 << END_OF_DATA
1.28 1.62 2 2
0.32 0.5 0.72 0.98
0 0.02 0.08 0.18
END_OF_DATA
$data4 << END_OF_DATA
0 191
220 191
220 356
0 356
0 191

230 191
450 191
450 356
230 356
230 191

0 0
220 0
220 165
0 165
0 0

END_OF_DATA
plot $data1 matrix using (27.5+55*$1):(218.5+55*$2):3 with image notitle, \
     $data2 matrix using (257.5+55*$1):(218.5+55*$2):3 with image notitle, \
     $data3 matrix using (27.5+55*$1):(27.5+55*$2):3 with image notitle, \
     $data4 using 1:2 with lines linewidth 0.8 linecolor rgb '#333333' notitle
unset output
