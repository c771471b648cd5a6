% SPDX-License-Identifier: GPL-3.0-only
% Files that no chore changes in passing. A spec whose scope names the file by its path may ask for it.

forbid(workflow, [Path, " is run by the forge with its token. Name it in the scope of a spec, or leave it alone."]) :-
    writes(Path), lower(Path, Lower), starts_with(Lower, ".github/"), \+ named(Path, "file").

forbid(lockfile, [Path, " is written by a package manager. Leave it alone."]) :-
    writes(Path), name_of(Path, Name), lockfile(Name), \+ named(Path, "file").

forbid(registry, [Path, " says where packages come from. Leave it alone."]) :-
    writes(Path), name_of(Path, Name), registry(Name), \+ named(Path, "file").

forbid(licence, [Path, " is the licence of the repository. Name it in the scope of a spec, or leave it alone."]) :-
    writes(Path), name_of(Path, Name), legal(Name), \+ named(Path, "file"), \+ asks_for_copyright.

forbid(package_key, [Path, ": ", Key, " would change, and it decides what is run or installed. Name the file in the scope of a spec, or leave it alone."]) :-
    package_key(Path, Key), decides(Key), \+ named(Path, "file").

forbid(runs_night, [Path, " is what a night runs by. Name it or its folder in the scope of a spec, or leave it alone."]) :-
    writes(Path), runs_night(Path), \+ named(Path, _).

lockfile(Name) :- ends_with(Name, ".lock").
lockfile(Name) :- ends_with(Name, ".lockb").
lockfile(Name) :- member(Name, [
    "package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "go.sum", "packages.lock.json",
    "gradle.lockfile", "package.resolved" ]).

registry(Name) :- member(Name, [".npmrc", ".yarnrc", ".yarnrc.yml", ".pypirc", "pip.conf"]).

legal(Name) :-
    member(Start, ["license", "licence", "copying", "notice"]), starts_with(Name, Start),
    member(End, ["", ".md", ".txt", ".rst", "-mit", "-apache", "-bsd", ".mit", ".apache", ".bsd", ".lesser"]),
    ends_with(Name, End), length_of(Start, S), length_of(End, E), length_of(Name, N), N =:= S + E.

asks_for_copyright :- says(Sentence), contains(Sentence, "copyright").

decides(Key) :- member(Key, [
    "scripts", "dependencies", "devDependencies", "peerDependencies", "optionalDependencies",
    "bundleDependencies", "bundledDependencies", "overrides", "resolutions", "packageManager",
    "workspaces", "bin", "gypfile", "pnpm", "unreadable" ]).
