# Drawn by ecdx with gnuplot. The data stand in this file; run gnuplot on it to draw the figure again.
set encoding utf8
set terminal svg size 473,376 fixed noenhanced font 'sans-serif,12' linewidth 1 rounded background rgb 'white'
set output './scatter.svg'
set lmargin at screen 0.132326
set rmargin at screen 0.977992
set tmargin at screen 0.856383
set bmargin at screen 0.138298
set border 3 linewidth 0.8 linecolor rgb '#333333'
set tics out nomirror scale 0.6,0.35 font ',11'
unset key
set label 'two series' at screen 0.132326,0.954787 left front noenhanced font ',14' textcolor rgb '#000000'
set label 'x (eV/atom)' at screen 0.555159,0.0265957 center front noenhanced font ',12' textcolor rgb '#000000'
set label 'y' at screen 0.0338266,0.49734 center rotate by 90 front noenhanced font ',12' textcolor rgb '#000000'
set xrange [-1.16:3.16]
set xtics ('−1' -1, '0' 0, '1' 1, '2' 2, '3' 3) noenhanced
set yrange [-4.36:2.36]
set ytics ('−4' -4, '−3' -3, '−2' -2, '−1' -1, '0' 0, '1' 1, '2' 2) noenhanced
set label '' at screen 0.155581,0.894947 point pointtype 7 pointsize 0.6 linecolor rgb '#0072B2'
set label 'a' at screen 0.195751,0.894947 left front noenhanced font ',12' textcolor rgb '#000000'
set label '' at screen 0.264841,0.894947 point pointtype 9 pointsize 0.75 linecolor rgb '#D55E00'
set label 'b' at screen 0.305011,0.894947 left front noenhanced font ',12' textcolor rgb '#000000'
$data1 << END_OF_DATA
-1 2
3 -4
END_OF_DATA
$data2 << END_OF_DATA
0 0.5
1 1
END_OF_DATA
plot $data1 using 1:2 with points pointtype 7 pointsize 0.6 linecolor rgb '#0072B2' title 'a' noenhanced, \
     $data2 using 1:2 with points pointtype 9 pointsize 0.75 linecolor rgb '#D55E00' title 'b' noenhanced
unset output
