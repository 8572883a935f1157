# rules of one's own: with and, or, counts on either side
chart i-mr
baseline centre 0
baseline sigma 1
rule {"name": "climb", "all": [{"trend": 3}, {"run": 3}]}
rule {"name": "wild", "any": [{"count": 2, "of": 2, "beyond": 1.5, "side": "either"}, {"beyond": 2.5}]}
values 0.1 0.2 0.3 -1.6 1.6 0 0
expect rule climb on i at 2 span 0..2
expect rule wild on i at 4 span 3..4
