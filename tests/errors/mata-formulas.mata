@NFA-explicit
%Alphabet-auto
%Initial q
%Final r | !q
q a | b r
q a
q eps r
%Levels q:0
