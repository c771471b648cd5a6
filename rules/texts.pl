% SPDX-License-Identifier: GPL-3.0-only
% What a patch may not bring that the files it changes did not have before.

forbid(hidden_text, [Path, ":", Line, " would have a character that nobody sees (", Code, "). Write it without."]) :-
    hidden(Path, Line, Code).

forbid(new_address, [Path, ":", Line, " would name the address ", Host, ", which the spec does not. Leave it out, or name it in the spec."]) :-
    address(Path, Line, Host), \+ kind(Path, "docs"), \+ here(Host), \+ only_a_name(Host).

forbid(switched_off, [Path, ":", Line, " would switch a check off (", What, "). Fix what it finds."]) :-
    switched_off(Path, Line, What), \+ kind(Path, "docs").

here(Host) :- member(Host, ["localhost", "127.0.0.1", "0.0.0.0", "[::1]", "[::]"]).

only_a_name(Host) :- member(Host, ["www.w3.org", "json-schema.org"]).
only_a_name(Host) :-
    member(Reserved, ["example.com", "example.org", "example.net"]),
    ( Host = Reserved ; ends_with(Host, Reserved), contains(Host, ".example.") ).
only_a_name(Host) :- member(End, [".example", ".test", ".invalid"]), ends_with(Host, End).
