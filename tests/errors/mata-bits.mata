@NFA-bits
%Initial q
