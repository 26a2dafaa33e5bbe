# Drawn by ecdx with gnuplot. The data stand in this file; run gnuplot on it to draw the figure again.
set encoding utf8
set terminal dumb size 60,15 noenhanced mono
reset
set xlabel 'epoch' noenhanced
set ylabel 'MSE' noenhanced
set key outside top left horizontal
set tics out nomirror
set xrange [0.92:5.08]
set xtics ('1' 1, '2' 2, '3' 3, '4' 4, '5' 5) noenhanced
set logscale y 10
set yrange [0.2275440766:1.318425883]
set ytics ('0.4' 0.4, '0.6' 0.6, '0.8' 0.8, '1.0' 1, '1.2' 1.2) noenhanced
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
plot $data1 using 1:2 with linespoints pointtype "t" pointsize 0.45 linewidth 1.4 dashtype 1 linecolor rgb '#7FB2D9' title 'train' noenhanced, \
     $data2 using 1:2 with linespoints pointtype "v" pointsize 0.85 linewidth 1.8 dashtype 1 linecolor rgb '#C43C00' title 'validation' noenhanced
set print '-'
print 'Stopped after epoch 5. 1 point is not drawn (not finite, or'
print 'not positive on a logarithmic axis).'
unset print
