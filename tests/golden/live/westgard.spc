# two in a row beyond two sigma, by Westgard's multirule
plan {rules: westgard, baseline: {centre: 0, sigma: 1}}
points 0 0.5 2.2 2.4 0 0.3
expect i 2-2s at 3..3 side above span 2..3
