# rule 8 may take eight beyond one sigma on one side
plan {rules: [8], rule8: either-side, baseline: {centre: 0, sigma: 1}}
points 0 1.2*8 0
expect i 8 at 8..8 span 1..8
