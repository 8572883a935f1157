# Westgard: two beyond two sigma, on one side or across
chart i-mr
baseline centre 0
baseline sigma 1
rules westgard
values 0 2.1 2.2 0 2.3 -2.1 0
expect rule 2-2s on i at 2 span 1..2
expect rule R-4s on i at 5 span 4..5
expect rule 1 on mr at 5
