% SPDX-License-Identifier: GPL-3.0-only
% Reads rules as terms, takes those of a checked subset, and judges by them. Nothing of a rule's text is
% ever consulted, expanded or run as a directive. Rules live in the modules shipped and own, facts and what
% rules may call in user.

:- use_module(library(lists)).
:- use_module(library(occurs)).
:- use_module(library(error)).
:- use_module(library(apply)).

% What a rule may ask about: the facts of one call or one patch.
fact(agent, 1).       fact(tool, 1).         fact(argument_bytes, 1).
fact(reads, 1).       fact(writes, 1).       fact(kind, 2).
fact(in_reach, 1).    fact(named, 2).        fact(says, 1).
fact(runs_night, 1).  fact(patch_files, 1).  fact(change, 3).
fact(hidden, 3).      fact(address, 3).      fact(switched_off, 3).
fact(package_key, 2).

% What a rule may call besides: nothing that writes, opens, remembers, or calls what it is given.
pure(true, 0).       pure(fail, 0).       pure(=, 2).          pure(\=, 2).
pure(==, 2).         pure(\==, 2).        pure(member, 2).     pure(memberchk, 2).
pure(starts_with, 2). pure(ends_with, 2). pure(contains, 2).   pure(lower, 2).
pure(name_of, 2).    pure(length_of, 2).

compared(<). compared(>). compared(=<). compared(>=). compared(=:=). compared(=\=). compared(is).

starts_with(Text, Start) :- once(sub_string(Text, 0, _, _, Start)).
ends_with(Text, End) :- once(sub_string(Text, _, _, 0, End)).
contains(Text, Part) :- once(sub_string(Text, _, _, _, Part)).
lower(Text, Lower) :- string_lower(Text, Lower).
name_of(Path, Name) :- split_string(Path, "/", "", Parts), last(Parts, Last), string_lower(Last, Name).
length_of(Text, Length) :- string_length(Text, Length).

% The subset -------------------------------------------------------------------------------------

%! read_rules(+Set, +File, +Text, -Clauses): clause(Line, Head, Body), for the set shipped or own.
read_rules(Set, File, Text, Clauses) :-
    setup_call_cleanup(open_string(Text, Stream), read_clauses(Stream, Set, File, Clauses), close(Stream)).

read_clauses(Stream, Set, File, Clauses) :-
    read_term(Stream, Term, [term_position(Position), syntax_errors(error), module(reading),
        double_quotes(string), cycles(false), quasi_quotations(Quasi)]),
    stream_position_data(line_count, Position, Line),
    (   Quasi \== [] -> refuse(File, Line, "has a quasi-quotation")
    ;   Term == end_of_file
    ->  ( at_end_of_stream(Stream) -> true ; refuse(File, Line, "says end_of_file before its end") ),
        Clauses = []
    ;   clause_parts(Term, Head, Body, File, Line),
        check_head(Head, Set, File, Line),
        Clauses = [clause(File, Line, Head, Body)|Others],
        read_clauses(Stream, Set, File, Others)
    ).

clause_parts(Term, _, _, File, Line) :- var(Term), !, refuse(File, Line, "has a variable for a rule").
clause_parts(Term, _, _, File, Line) :-
    sub_term(Part, Term), is_dict(Part), !, refuse(File, Line, "has a dictionary").
clause_parts((:- _), _, _, File, Line) :- !, refuse(File, Line, "has a directive, and rules do nothing").
clause_parts((?- _), _, _, File, Line) :- !, refuse(File, Line, "has a directive, and rules do nothing").
clause_parts((Head :- Body), Head, Body, _, _) :- !.
clause_parts(Head, Head, true, _, _).

check_head(Head, _, File, Line) :-
    ( \+ callable(Head) ; Head = _:_ ; Head = (_ --> _) ; Head = (_ , _) ), !,
    refuse(File, Line, "has something that is not a rule").
check_head(forbid(Id, Reason), _, File, Line) :- !,
    ( atom(Id) -> true ; refuse(File, Line, "has a rule without an id, a word such as no_lockfiles") ),
    ( reason(Reason) -> true ; refuse(File, Line, "has a rule without a reason, a text or a list of texts and variables") ).
check_head(permit(Id), Set, File, Line) :- !,
    ( Set == shipped -> true ; refuse(File, Line, "permits, and a repository's rules can only forbid") ),
    ( atom(Id) -> true ; refuse(File, Line, "has a rule without an id") ).
check_head(Head, _, File, Line) :-
    functor(Head, Name, Arity),
    (   ( reserved(Name) ; fact(Name, Arity) ; pure(Name, Arity) ; compared(Name) ; predicate_property(system:Head, built_in) )
    ->  format(string(Why), "defines ~w/~w, which is not its own to define", [Name, Arity]), refuse(File, Line, Why)
    ;   true
    ).

reserved(forbid). reserved(permit). reserved(forall).

reason(Reason) :- string(Reason), !.
reason(Reason) :- is_list(Reason), Reason \== [], forall(member(Part, Reason), (var(Part) ; string(Part))).

%! checked(+Defined, +Clause, -Body): the body as it is run.
checked(Defined, clause(File, Line, _, Body), Goal) :- checked_goal(Body, Goal, Defined, File, Line).

checked_goal(Goal, _, _, File, Line) :- var(Goal), !, refuse(File, Line, "calls a variable").
checked_goal((A, B), (A1, B1), D, F, L) :- !, checked_goal(A, A1, D, F, L), checked_goal(B, B1, D, F, L).
checked_goal((A -> B), (A1 -> B1), D, F, L) :- !, checked_goal(A, A1, D, F, L), checked_goal(B, B1, D, F, L).
checked_goal((A ; B), (A1 ; B1), D, F, L) :- !, checked_goal(A, A1, D, F, L), checked_goal(B, B1, D, F, L).
checked_goal(\+ A, \+ A1, D, F, L) :- !, checked_goal(A, A1, D, F, L).
checked_goal(forall(A, B), forall(A1, B1), D, F, L) :- !, checked_goal(A, A1, D, F, L), checked_goal(B, B1, D, F, L).
checked_goal(Goal, (numbers(Numbers), Goal), _, File, Line) :-
    compound(Goal), compound_name_arguments(Goal, Name, [Left, Right]), compared(Name), !,
    ( Name == is, var(Left) -> Sides = Right ; Sides = Left-Right ),
    ( arithmetic(Sides) -> true ; refuse(File, Line, "counts with more than numbers, variables, + and -") ),
    term_variables(Sides, Numbers).
checked_goal(Goal, Goal, Defined, File, Line) :-
    (   callable(Goal), functor(Goal, Name, Arity),
        ( fact(Name, Arity) ; pure(Name, Arity) ; memberchk(Name/Arity, Defined) )
    ->  true
    ;   ( callable(Goal) -> functor(Goal, Name, Arity) ; Name = Goal, Arity = 0 ),
        format(string(Why), "calls ~q/~w, which rules may not call", [Name, Arity]),
        refuse(File, Line, Why)
    ).

arithmetic(Term) :- var(Term), !.
arithmetic(Term) :- integer(Term), !.
arithmetic(A + B) :- arithmetic(A), arithmetic(B).
arithmetic(A - B) :- arithmetic(A), arithmetic(B).

% A variable could be bound to a term that takes a machine's memory to work out.
numbers([]).
numbers([Value|Others]) :- must_be(integer, Value), numbers(Others).

refuse(File, Line, Why) :- throw(refused(File, Line, Why)).

% Loading ----------------------------------------------------------------------------------------

%! load_rules(+Set, +Sources, -Result): of the set shipped or own; Sources are [File, Text]; Result is "" or "FILE\x01LINE\x01WHY".
load_rules(Set, Sources, Result) :-
    catch(( load_set(Set, Sources), Result = "" ), Error, told(Error, Sources, Result)).

load_set(Set, Sources) :-
    maplist(read_file(Set), Sources, Lists),
    append(Lists, Clauses),
    findall(Name/Arity, ( member(clause(_, _, Head, _), Clauses), functor(Head, Name, Arity),
        \+ reserved(Name) ), Names),
    sort(Names, Defined),
    maplist(checked(Defined), Clauses, Goals),
    prepare(Set, Defined),
    maplist(install(Set), Clauses, Goals).

read_file(Set, [File, Text], Clauses) :-
    catch(read_rules(Set, File, Text, Clauses), error(Error, Where), throw(unreadable(File, Error, Where))).

prepare(Set, Defined) :-
    forall(member(Name/Arity, Defined), dynamic(Set:Name/Arity)).

install(Module, clause(File, Line, Head, _), Goal) :-
    ( Head = forbid(Id, Reason) -> Full = forbid(Id, Reason, File, Line)
    ; Head = permit(Id) -> Full = permit(Id, File, Line)
    ; Full = Head ),
    assertz(Module:(Full :- Goal)).

told(refused(File, Line, Why), _, Result) :- !, format(string(Result), "~w\u0001~w\u0001~w", [File, Line, Why]).
told(unreadable(File, syntax_error(What), Where), _, Result) :- !,
    ( Where = stream(_, Line, _, _) -> true ; Line = 1 ),
    format(string(Result), "~w\u0001~w\u0001is not Prolog: ~w", [File, Line, What]).
told(Error, _, Result) :- format(string(Result), "rules\u00011\u0001cannot be read: ~q", [Error]).

% Judging ----------------------------------------------------------------------------------------

%! answers(+Goal, +Limit, +Facts, -Answers): of judge or explain, for each text of facts.
answers(Goal, Limit, Facts, Answers) :- maplist(answer(Goal, Limit), Facts, Answers).
answer(judge, Limit, Rows, Answer) :- judge(Rows, Limit, Answer).
answer(explain, Limit, Rows, Answer) :- explain(Rows, Limit, Answer).

%! judge(+Rows, +Limit, -Ruling): Rows as "name\x02argument...", joined by \x01; a number begins with \x03.
judge(Rows, Limit, Ruling) :- with_facts(Rows, decided(Limit, Ruling)).

:- meta_predicate with_facts(+, 0).
with_facts(Text, Goal) :-
    split_string(Text, "\u0001", "", Rows),
    setup_call_cleanup(maplist(add_fact, Rows, References), once(Goal), maplist(erase, References)).

add_fact(Row, Reference) :-
    split_string(Row, "\u0002", "", [NameText|Texts]),
    atom_string(Name, NameText),
    maplist(argument, Texts, Arguments),
    Fact =.. [Name|Arguments],
    assertz(Fact, Reference).

argument(Text, Number) :- string_concat("\u0003", Digits, Text), !, number_string(Number, Digits).
argument(Text, Text).

decided(Limit, Ruling) :-
    catch(call_with_inference_limit(decide(Ruling0), Limit, State), Error, true),
    (   nonvar(Error) -> failed(Error, Ruling)
    ;   State == inference_limit_exceeded -> ruling(deny, error, "a rule took too many steps", rules, 1, Ruling)
    ;   Ruling = Ruling0
    ).

decide(Ruling) :-
    (   forbidden(Id, Reason, File, Line) -> text_of(Reason, Text), ruling(deny, Id, Text, File, Line, Ruling)
    ;   shipped:permit(Id, File, Line) -> ruling(allow, Id, "", File, Line, Ruling)
    ;   ruling(deny, default, "No rule permits this; do only what the task asks for.", rules, 1, Ruling)
    ).

forbidden(Id, Reason, File, Line) :- shipped:forbid(Id, Reason, File, Line).
forbidden(Id, Reason, File, Line) :- own:forbid(Id, Reason, File, Line).

text_of(Reason, Reason) :- string(Reason), !.
text_of(Parts, Text) :- must_be(list(ground), Parts), atomics_to_string(Parts, "", Text).
atomics_to_string(Parts, Between, Text) :- atomic_list_concat(Parts, Between, Atom), atom_string(Atom, Text).

ruling(What, Id, Reason, File, Line, Ruling) :-
    format(string(Ruling), "~w\u0001~w\u0001~w\u0001~w\u0001~w", [What, Id, Reason, File, Line]).

failed(Error, Ruling) :-
    ( Error = error(Formal, _) -> true ; Formal = Error ),
    format(string(Why), "a rule could not be judged: ~W", [Formal, [max_depth(6), quoted(true)]]),
    ruling(deny, error, Why, rules, 1, Ruling).

% Explaining -------------------------------------------------------------------------------------

%! explain(+Rows, +Limit, -Text): how the ruling follows, as indented lines.
explain(Rows, Limit, Text) :-
    with_facts(Rows, catch(call_with_inference_limit(derivation(Lines0), Limit, State), _, true)),
    ( State \== inference_limit_exceeded, nonvar(Lines0) -> Lines = Lines0 ; Lines = [] ),
    atomics_to_string(Lines, "\n", Text).

derivation(Lines) :-
    (   member(Module, [shipped, own]),
        clause(Module:forbid(Id, _, File, Line), Body), proof(Body, Module, 1, Lines0)
    ->  Verb = forbids
    ;   clause(shipped:permit(Id, File, Line), Body), proof(Body, shipped, 1, Lines0) -> Verb = permits
    ),
    format(string(First), "~w ~w (~w:~w), since", [Id, Verb, File, Line]),
    Lines = [First|Lines0].

proof(true, _, _, []) :- !.
proof((A, B), M, D, Lines) :- !, proof(A, M, D, First), proof(B, M, D, Rest), append(First, Rest, Lines).
proof((A -> B ; C), M, D, Lines) :- !,
    ( proof(A, M, D, First) -> proof(B, M, D, Rest), append(First, Rest, Lines) ; proof(C, M, D, Lines) ).
proof((A -> B), M, D, Lines) :- !, ( proof(A, M, D, First) -> proof(B, M, D, Rest), append(First, Rest, Lines) ).
proof((A ; B), M, D, Lines) :- !, ( proof(A, M, D, Lines) ; proof(B, M, D, Lines) ).
proof(numbers(_), _, _, []) :- !.
proof(Goal, Module, Depth, [Line|Lines]) :-
    (   functor(Goal, Name, Arity), \+ fact(Name, Arity), \+ pure(Name, Arity),
        \+ compared(Name), Name \== (\+), Name \== forall
    ->  clause(Module:Goal, Body), Next is Depth + 1, proof(Body, Module, Next, Lines)
    ;   call(Module:Goal), Lines = []
    ),
    Tab is Depth * 2,
    \+ \+ ( numbervars(Goal, 0, _), format(string(Text), "~*c~W", [Tab, 0' , Goal, [quoted(true), numbervars(true), max_depth(12)]]), nb_setval(line, Text) ),
    nb_getval(line, Line).

:- forall(fact(Name, Arity), dynamic(Name/Arity)),
   dynamic(shipped:forbid/4), dynamic(shipped:permit/3), dynamic(own:forbid/4),
   set_prolog_flag(stack_limit, 67108864).
