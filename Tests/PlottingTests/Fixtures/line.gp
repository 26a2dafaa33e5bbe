# Drawn by ecdx with gnuplot. The data stand in this file; run gnuplot on it to draw the figure again.
set encoding utf8
set terminal svg size 473,357 fixed noenhanced font 'sans-serif,12' linewidth 1 rounded background rgb 'white'
set output './line.svg'
set lmargin at screen 0.132093
set rmargin at screen 0.977759
set tmargin at screen 0.901961
set bmargin at screen 0.145658
set border 3 linewidth 0.8 linecolor rgb '#333333'
set tics out nomirror scale 0.6,0.35 font ',11'
unset key
set label 'stage' at screen 0.554926,0.0280112 center front noenhanced font ',12' textcolor rgb '#000000'
set label 'R2' at screen 0.0338266,0.52381 center rotate by 90 front noenhanced font ',12' textcolor rgb '#000000'
set xrange [0.9:6.1]
set xtics ('1' 1, '2' 2, '3' 3, '4' 4, '5' 5, '6' 6) noenhanced
set yrange [-0.05:0.8833333333]
set ytics ('0.0' 0, '0.2' 0.2, '0.4' 0.4, '0.6' 0.6, '0.8' 0.8) noenhanced
set arrow from screen 0.132093,0.942577 to screen 0.178605,0.942577 nohead linewidth 1.6 dashtype 1 linecolor rgb '#0072B2'
set label '' at screen 0.155349,0.942577 point pointtype 7 pointsize 0.6 linecolor rgb '#0072B2'
set label 'R2' at screen 0.195518,0.942577 left front noenhanced font ',12' textcolor rgb '#000000'
$data1 << END_OF_DATA
1 0
2 0.5
3 0.6666666667
4 0.75
5 0.8
6 0.8333333333
END_OF_DATA
plot $data1 using 1:2 with linespoints pointtype 7 pointsize 0.6 linewidth 1.6 dashtype 1 linecolor rgb '#0072B2' title 'R2' noenhanced
unset output
