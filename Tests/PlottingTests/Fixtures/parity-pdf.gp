# Drawn by ecdx with gnuplot. The data stand in this file; run gnuplot on it to draw the figure again.
set encoding utf8
set terminal pdfcairo size 4.375in,5in noenhanced font 'sans-serif,12' fontscale 0.5625 linewidth 1.5 pointscale 1.1 rounded background rgb 'white'
set output './p.pdf'
set lmargin at screen 0.155048
set rmargin at screen 0.964571
set tmargin at screen 0.816667
set bmargin at screen 0.108333
set border 3 linewidth 0.8 linecolor rgb '#333333'
set tics out nomirror scale 0.6,0.35 font ',11'
unset key
set border 15
set label 'compact CNN' at screen 0.155048,0.964583 left front noenhanced font ',14' textcolor rgb '#000000'
set label 'true bulk modulus (GPa)' at screen 0.55981,0.0208333 center front noenhanced font ',12' textcolor rgb '#000000'
set label 'predicted bulk modulus (GPa)' at screen 0.0380952,0.4625 center rotate by 90 front noenhanced font ',12' textcolor rgb '#000000'
set logscale x 10
set xrange [10.05775646:489.1746999]
set xtics ('20' 20, '' 30 1, '' 40 1, '50' 50, '' 60 1, '' 70 1, '' 80 1, '' 90 1, '100' 100, '200' 200, '' 300 1, '' 400 1) noenhanced
set logscale y 10
set yrange [10.05775646:489.1746999]
set ytics ('20' 20, '' 30 1, '' 40 1, '50' 50, '' 60 1, '' 70 1, '' 80 1, '' 90 1, '100' 100, '200' 200, '' 300 1, '' 400 1) noenhanced
set label '' at screen 0.181238,0.917708 point pointtype 7 pointsize 0.45 linecolor rgb '#7FB2D9'
set label 'train: R2 0.98, RMSE 11 GPa' at screen 0.226476,0.917708 left front noenhanced font ',12' textcolor rgb '#000000'
set label '' at screen 0.181238,0.882292 point pointtype 9 pointsize 0.7 linecolor rgb '#009E73'
set label 'validation: R2 0.91, RMSE 14 GPa' at screen 0.226476,0.882292 left front noenhanced font ',12' textcolor rgb '#000000'
set label '' at screen 0.181238,0.846875 point pointtype 13 pointsize 0.85 linecolor rgb '#C43C00'
set label 'holdout: R2 0.88, RMSE 23 GPa' at screen 0.226476,0.846875 left front noenhanced font ',12' textcolor rgb '#000000'
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
unset output
