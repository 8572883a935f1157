# days between events, judged as their 3.6th root: 200 days is beyond the limit of twelve waits, 100 is not
chart t
baseline points 12
values 5 12 3 30 8 21 2 16 9 40 1 11 100 200
rules 1
expect t centre 9.6808 at 0
expect t ucl 178.2944 at 0
expect t lcl 0 at 0
expect rule 1 on t at 13
