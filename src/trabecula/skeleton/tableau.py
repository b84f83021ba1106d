"""The explicit Runge-Kutta pair of the kernel: coefficients as published, and nothing else.

Tsitouras 2011, "Runge-Kutta pairs of order 5(4) satisfying only the first column simplifying assumption",
Computers & Mathematics with Applications 62:770-775, doi:10.1016/j.camwa.2011.06.002, table 1.
Seven stages, the last is the first of the next step.
"""

import numpy as np

A = np.zeros((7, 6))
A[1, :1] = 0.161
A[2, :2] = -0.008480655492356989, 0.335480655492357
A[3, :3] = 2.8971530571054935, -6.359448489975075, 4.3622954328695815
A[4, :4] = 5.325864828439257, -11.748883564062828, 7.4955393428898365, -0.09249506636175525
A[5, :5] = (
    5.86145544294642,
    -12.92096931784711,
    8.159367898576159,
    -0.071584973281401,
    -0.028269050394068383,
)
A[6, :6] = (
    0.09646076681806523,
    0.01,
    0.4798896504144996,
    1.379008574103742,
    -3.290069515436081,
    2.324710524099774,
)
"""Stage weights; row 6 is the fifth-order solution."""

C = A.sum(axis=1)
"""Stage times."""

E = np.array(
    [
        -0.001780011052226,
        -0.000816434459657,
        0.007880878010262,
        -0.144711007173263,
        0.582357165452555,
        -0.458082105929187,
        1 / 66,
    ]
)
"""Fifth minus fourth order: the error estimate's weights."""

ORDER = 5
