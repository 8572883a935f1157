# rule 5 may wait until its window is full
plan {rules: [5], startup: full-window, baseline: {centre: 0, sigma: 1}}
points 2.5 2.5 0.1 2.5 0
expect i 5 at 3..3 side above span 1..3
