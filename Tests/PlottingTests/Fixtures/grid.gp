# Drawn by ecdx with gnuplot. The data stand in this file; run gnuplot on it to draw the figure again.
set encoding utf8
set terminal svg size 1040,932 fixed noenhanced font 'sans-serif,12' linewidth 1 rounded background rgb 'white'
set output './grid.svg'
set multiplot
reset
set lmargin at screen 0.0626154
set rmargin at screen 0.389538
set tmargin at screen 0.905579
set bmargin at screen 0.540773
set border 3 linewidth 0.8 linecolor rgb '#333333'
set tics out nomirror scale 0.6,0.35 font ',11'
unset key
set border 15
set label 'compact CNN' at screen 0.0626154,0.98176 left front noenhanced font ',14' textcolor rgb '#000000'
set label 'true bulk modulus (GPa)' at screen 0.226077,0.495708 center front noenhanced font ',12' textcolor rgb '#000000'
set label 'predicted bulk modulus (GPa)' at screen 0.0153846,0.723176 center rotate by 90 front noenhanced font ',12' textcolor rgb '#000000'
set logscale x 10
set xrange [10.05775646:489.1746999]
set xtics ('20' 20, '' 30 1, '' 40 1, '50' 50, '' 60 1, '' 70 1, '' 80 1, '' 90 1, '100' 100, '200' 200, '' 300 1, '' 400 1) noenhanced
set logscale y 10
set yrange [10.05775646:489.1746999]
set ytics ('20' 20, '' 30 1, '' 40 1, '50' 50, '' 60 1, '' 70 1, '' 80 1, '' 90 1, '100' 100, '200' 200, '' 300 1, '' 400 1) noenhanced
set label '' at screen 0.0731923,0.957618 point pointtype 7 pointsize 0.45 linecolor rgb '#7FB2D9'
set label 'train: R2 0.98, RMSE 11 GPa' at screen 0.0914615,0.957618 left front noenhanced font ',12' textcolor rgb '#000000'
set label '' at screen 0.0731923,0.939378 point pointtype 9 pointsize 0.7 linecolor rgb '#009E73'
set label 'validation: R2 0.91, RMSE 14 GPa' at screen 0.0914615,0.939378 left front noenhanced font ',12' textcolor rgb '#000000'
set label '' at screen 0.0731923,0.921137 point pointtype 13 pointsize 0.85 linecolor rgb '#C43C00'
set label 'holdout: R2 0.88, RMSE 23 GPa' at screen 0.0914615,0.921137 left front noenhanced font ',12' textcolor rgb '#000000'
set arrow from graph 0,0 to graph 1,1 nohead back linewidth 1 dashtype 2 linecolor rgb '#555555'
$data1 << END_OF_DATA
12 14
90 80
410 395
END_OF_DATA
$data2 << END_OF_DATA
45 52
120 101
END_OF_DATA
$data3 << END_OF_DATA
33 41
222 190
END_OF_DATA
plot $data1 using 1:2 with points pointtype 7 pointsize 0.45 linecolor rgb '#7FB2D9' title 'train: R2 0.98, RMSE 11 GPa' noenhanced, \
     $data2 using 1:2 with points pointtype 9 pointsize 0.7 linecolor rgb '#009E73' title 'validation: R2 0.91, RMSE 14 GPa' noenhanced, \
     $data3 using 1:2 with points pointtype 13 pointsize 0.85 linecolor rgb '#C43C00' title 'holdout: R2 0.88, RMSE 23 GPa' noenhanced
reset
set lmargin at screen 0.604769
set rmargin at screen 0.989385
set tmargin at screen 0.924893
set bmargin at screen 0.635193
set border 3 linewidth 0.8 linecolor rgb '#333333'
set tics out nomirror scale 0.6,0.35 font ',11'
unset key
set label 'epoch' at screen 0.797077,0.590129 center front noenhanced font ',12' textcolor rgb '#000000'
set label 'MSE' at screen 0.560077,0.780043 center rotate by 90 front noenhanced font ',12' textcolor rgb '#000000'
set label 'positive on a logarithmic axis).' at screen 0.604769,0.549356 left front noenhanced font ',11' textcolor rgb '#555555'
set label 'Stopped after epoch 5. 1 point is not drawn (not finite, or not' at screen 0.604769,0.565451 left front noenhanced font ',11' textcolor rgb '#555555'
set xrange [0.92:5.08]
set xtics ('1' 1, '2' 2, '3' 3, '4' 4, '5' 5) noenhanced
set logscale y 10
set yrange [0.2275440766:1.318425883]
set ytics ('0.4' 0.4, '0.6' 0.6, '0.8' 0.8, '1.0' 1, '1.2' 1.2) noenhanced
set arrow from screen 0.604769,0.957618 to screen 0.625923,0.957618 nohead linewidth 1.4 dashtype 1 linecolor rgb '#7FB2D9'
set label '' at screen 0.615346,0.957618 point pointtype 7 pointsize 0.45 linecolor rgb '#7FB2D9'
set label 'train' at screen 0.633615,0.957618 left front noenhanced font ',12' textcolor rgb '#000000'
set arrow from screen 0.709846,0.957618 to screen 0.731,0.957618 nohead linewidth 1.8 dashtype 1 linecolor rgb '#C43C00'
set label '' at screen 0.720423,0.957618 point pointtype 13 pointsize 0.85 linecolor rgb '#C43C00'
set label 'validation' at screen 0.738692,0.957618 left front noenhanced font ',12' textcolor rgb '#000000'
set arrow from first 3, graph 0 to first 3, graph 1 nohead back linewidth 1.2 dashtype 3 linecolor rgb '#333333'
set label 'kept: epoch 3' at screen 0.797077,0.933476 center front noenhanced font ',11' textcolor rgb '#333333'
$data4 << END_OF_DATA
1 1.2
2 0.7
3 0.4
4 0.3
5 0.25
END_OF_DATA
$data5 << END_OF_DATA
1 1.1
2 0.8
3 0.6
4 0.65
END_OF_DATA
plot $data4 using 1:2 with linespoints pointtype 7 pointsize 0.45 linewidth 1.4 dashtype 1 linecolor rgb '#7FB2D9' title 'train' noenhanced, \
     $data5 using 1:2 with linespoints pointtype 13 pointsize 0.85 linewidth 1.8 dashtype 1 linecolor rgb '#C43C00' title 'validation' noenhanced
reset
set lmargin at screen 0.00769231
set rmargin at screen 0.444231
set tmargin at screen 0.436695
set bmargin at screen 0.0332618
set border 3 linewidth 0.8 linecolor rgb '#333333'
set tics out nomirror scale 0.6,0.35 font ',11'
unset key
unset border
unset tics
set xrange [-2:452]
set yrange [-2:374]
set label 'planes' at screen 0.00961538,0.451717 left front noenhanced font ',14' textcolor rgb '#000000'
set label 'Colours end above at 2.00 e/Å³ (percentile 90).' at screen 0.00961538,0.0107296 left front noenhanced font ',11' textcolor rgb '#555555'
set palette defined (0 '#440154', 1 '#481A6C', 2 '#472F7D', 3 '#414487', 4 '#39568C', 5 '#31688E', 6 '#2A788E', 7 '#23888E', 8 '#1F988B', 9 '#22A884', 10 '#35B779', 11 '#54C568', 12 '#7AD151', 13 '#A5DB36', 14 '#D2E21B', 15 '#FDE725')
set cbrange [0:2]
set colorbox user origin screen 0.457692,0.0654506 size screen 0.0134615,0.321888 border
set cbtics ('0.0' 0, '0.5' 0.5, '1.0' 1, '1.5' 1.5, '2.0' 2) noenhanced out nomirror scale 0.5,0.3 font ',11'
set label 'density (e/Å³)' at screen 0.510077,0.226395 center rotate by 90 front noenhanced font ',12' textcolor rgb '#000000'
set label 'Al' at screen 0.115385,0.427039 center front noenhanced font ',11' textcolor rgb '#000000'
$data6 << END_OF_DATA
1.28 1.62 2 2
0.32 0.5 0.72 0.98
0 0.02 0.08 0.18
END_OF_DATA
set label 'Cu' at screen 0.336538,0.427039 center front noenhanced font ',11' textcolor rgb '#000000'
$data7 << END_OF_DATA
1.28 1.62 2 2
0.32 0.5 0.72 0.98
0 0.02 0.08 0.18
END_OF_DATA
set label 'Pd3Ti' at screen 0.115385,0.222103 center front noenhanced font ',11' textcolor rgb '#000000'
$data8 << END_OF_DATA
1.28 1.62 2 2
0.32 0.5 0.72 0.98
0 0.02 0.08 0.18
END_OF_DATA
$data9 << END_OF_DATA
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
plot $data6 matrix using (27.5+55*$1):(218.5+55*$2):3 with image notitle, \
     $data7 matrix using (257.5+55*$1):(218.5+55*$2):3 with image notitle, \
     $data8 matrix using (27.5+55*$1):(27.5+55*$2):3 with image notitle, \
     $data9 using 1:2 with lines linewidth 0.8 linecolor rgb '#333333' notitle
reset
set lmargin at screen 0.604875
set rmargin at screen 0.98949
set tmargin at screen 0.412017
set bmargin at screen 0.122318
set border 3 linewidth 0.8 linecolor rgb '#333333'
set tics out nomirror scale 0.6,0.35 font ',11'
unset key
set label 'two series' at screen 0.604875,0.451717 left front noenhanced font ',14' textcolor rgb '#000000'
set label 'x (eV/atom)' at screen 0.797183,0.0772532 center front noenhanced font ',12' textcolor rgb '#000000'
set label 'y' at screen 0.560077,0.267167 center rotate by 90 front noenhanced font ',12' textcolor rgb '#000000'
set xrange [-1.16:3.16]
set xtics ('−1' -1, '0' 0, '1' 1, '2' 2, '3' 3) noenhanced
set yrange [-4.36:2.36]
set ytics ('−4' -4, '−3' -3, '−2' -2, '−1' -1, '0' 0, '1' 1, '2' 2) noenhanced
set label '' at screen 0.615452,0.427575 point pointtype 7 pointsize 0.6 linecolor rgb '#0072B2'
set label 'a' at screen 0.633721,0.427575 left front noenhanced font ',12' textcolor rgb '#000000'
set label '' at screen 0.665144,0.427575 point pointtype 9 pointsize 0.75 linecolor rgb '#D55E00'
set label 'b' at screen 0.683413,0.427575 left front noenhanced font ',12' textcolor rgb '#000000'
$data10 << END_OF_DATA
-1 2
3 -4
END_OF_DATA
$data11 << END_OF_DATA
0 0.5
1 1
END_OF_DATA
plot $data10 using 1:2 with points pointtype 7 pointsize 0.6 linecolor rgb '#0072B2' title 'a' noenhanced, \
     $data11 using 1:2 with points pointtype 9 pointsize 0.75 linecolor rgb '#D55E00' title 'b' noenhanced
unset multiplot
unset output
