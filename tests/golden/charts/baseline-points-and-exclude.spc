# limits of the first six, the third left out of limits and rules
chart i-mr
baseline points 6
baseline exclude 2
values 5 6 50 5 6 5 9 5
rules 1
expect i centre 5.4 at 7
expect rule 1 on i at 6
expect rule 1 on mr at 6
expect rule 1 on mr at 7
