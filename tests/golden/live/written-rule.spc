# a rule written as data: five that rise steadily
plan {rules: [{name: climb, trend: 5}], baseline: {centre: 0, sigma: 10}}
points 3 1 2 4 5 6 0 1
expect i climb at 5..5 side above span 1..5
