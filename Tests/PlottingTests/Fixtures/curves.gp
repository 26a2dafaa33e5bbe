# Drawn by ecdx with gnuplot. The data stand in this file; run gnuplot on it to draw the figure again.
set encoding utf8
set terminal svg size 473,411 fixed noenhanced font 'sans-serif,12' linewidth 1 rounded background rgb 'white'
set output './curves.svg'
set lmargin at screen 0.132093
set rmargin at screen 0.977759
set tmargin at screen 0.875912
set bmargin at screen 0.218978
set border 3 linewidth 0.8 linecolor rgb '#333333'
set tics out nomirror scale 0.6,0.35 font ',11'
unset key
set label 'epoch' at screen 0.554926,0.116788 center front noenhanced font ',12' textcolor rgb '#000000'
set label 'MSE' at screen 0.0338266,0.547445 center rotate by 90 front noenhanced font ',12' textcolor rgb '#000000'
set label 'positive on a logarithmic axis).' at screen 0.132093,0.0243309 left front noenhanced font ',11' textcolor rgb '#555555'
set label 'Stopped after epoch 5. 1 point is not drawn (not finite, or not' at screen 0.132093,0.0608273 left front noenhanced font ',11' textcolor rgb '#555555'
set xrange [0.92:5.08]
set xtics ('1' 1, '2' 2, '3' 3, '4' 4, '5' 5) noenhanced
set logscale y 10
set yrange [0.2275440766:1.318425883]
set ytics ('0.4' 0.4, '0.6' 0.6, '0.8' 0.8, '1.0' 1, '1.2' 1.2) noenhanced
set arrow from screen 0.132093,0.950122 to screen 0.178605,0.950122 nohead linewidth 1.4 dashtype 1 linecolor rgb '#7FB2D9'
set label '' at screen 0.155349,0.950122 point pointtype 7 pointsize 0.45 linecolor rgb '#7FB2D9'
set label 'train' at screen 0.195518,0.950122 left front noenhanced font ',12' textcolor rgb '#000000'
set arrow from screen 0.363129,0.950122 to screen 0.409641,0.950122 nohead linewidth 1.8 dashtype 1 linecolor rgb '#C43C00'
set label '' at screen 0.386385,0.950122 point pointtype 13 pointsize 0.85 linecolor rgb '#C43C00'
set label 'validation' at screen 0.426554,0.950122 left front noenhanced font ',12' textcolor rgb '#000000'
set arrow from first 3, graph 0 to first 3, graph 1 nohead back linewidth 1.2 dashtype 3 linecolor rgb '#333333'
set label 'kept: epoch 3' at screen 0.554926,0.895377 center front noenhanced font ',11' textcolor rgb '#333333'
$data1 << END_OF_DATA
1 1.2
2 0.7
3 0.4
4 0.3
5 0.25
END_OF_DATA
$data2 << END_OF_DATA
1 1.1
2 0.8
3 0.6
4 0.65
END_OF_DATA
plot $data1 using 1:2 with linespoints pointtype 7 pointsize 0.45 linewidth 1.4 dashtype 1 linecolor rgb '#7FB2D9' title 'train' noenhanced, \
     $data2 using 1:2 with linespoints pointtype 13 pointsize 0.85 linewidth 1.8 dashtype 1 linecolor rgb '#C43C00' title 'validation' noenhanced
unset output
