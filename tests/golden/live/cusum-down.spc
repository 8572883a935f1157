# sums of a shift downwards, from where the sum left zero; target and sigma are known
plan {chart: cusum, k: 0.5, h: 4, baseline: {centre: 10, sigma: 2}}
points 10 10.4 9.8 7*5 13*8
expect cusum limit at 7..7 side below span 3..7
expect cusum limit at 12..15 side above span 8..12
