% SPDX-License-Identifier: GPL-3.0-only
% What is not permitted here is denied, and what any rule forbids is denied all the same.

permit(within_reach) :-
    forall(reads(Path), in_reach(Path)),
    forall(writes(Path), in_reach(Path)).
