# Drawn by ecdx with gnuplot. The data stand in this file; run gnuplot on it to draw the figure again.
set encoding utf8
set terminal svg size 314,324 fixed noenhanced font 'sans-serif,12' linewidth 1 rounded background rgb 'white'
set output './bars.svg'
set lmargin at screen 0.184968
set rmargin at screen 0.949299
set tmargin at screen 0.944444
set bmargin at screen 0.111111
set border 3 linewidth 0.8 linecolor rgb '#333333'
set tics out nomirror scale 0.6,0.35 font ',11'
unset key
set label 'RMSE (GPa)' at screen 0.0509554,0.527778 center rotate by 90 front noenhanced font ',12' textcolor rgb '#000000'
set xrange [-0.404:2.404]
set xtics ('mean' 0, 'ridge' 1, 'CNN' 2) noenhanced
set yrange [0:84.8]
set ytics ('0' 0, '20' 20, '40' 40, '60' 60, '80' 80) noenhanced
$data1 << END_OF_DATA
0 80
1 41.5
2 36
END_OF_DATA
plot $data1 using 1:2:(0.7) with boxes fillstyle solid 0.75 border rgb '#333333' linecolor rgb '#0072B2' notitle
unset output
