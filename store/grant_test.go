package store_test

import (
	"context"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guildwatch/internal/access"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

// Code that skips the check does not compile: each of these small programs outside of access is refused for the reason
// given, and the two that do ask are not.
func TestCodeWithoutAGrantDoesNotCompile(t *testing.T) {
	const ask = `grant, err := access.Check[access.%s](ctx, roster, actor, 42); if err != nil { return err }; `
	manage, view := strings.ReplaceAll(ask, "%s", "ManageRoles"), strings.ReplaceAll(ask, "%s", "ViewDashboard")
	source := newSource()
	for body, want := range map[string]string{
		manage + `return s.AssignRole(ctx, grant, access.Member(7), access.Viewer)`: "",
		strings.ReplaceAll(ask, "%s", "DeleteRules") + `return deleteRules(grant)`:  "",
		`return s.AssignRole(ctx, access.Member(7), access.Viewer)`:                 "not enough arguments",
		`return s.AssignRole(ctx, nil, access.Member(7), access.Viewer)`:            "cannot use nil",
		`return deleteRules()`:                                               "not enough arguments",
		`return deleteRules(actor)`:                                          "cannot use actor",
		view + `return deleteRules(grant)`:                                   "cannot use grant",
		manage + `return deleteRules(grant)`:                                 "cannot use grant",
		manage + `return s.UpdateSettings(ctx, grant, store.Settings{})`:     "cannot use grant",
		view + `return deleteRules(access.Grant[access.DeleteRules](grant))`: "cannot convert",
		`return deleteRules(access.Grant[access.DeleteRules]{actor: actor})`: "unexported field",
		`return deleteRules(access.Grant[access.DeleteRules]{[0]access.DeleteRules{},
			actor, 42, access.Owner, true})`: "unexported field",
		`grant := access.Grant[access.DeleteRules]{}; grant.made = true; return deleteRules(grant)`: "grant.made undefined",
		`return deleteRules(access.Grant[access.DeleteRules](own{actor, 42, access.Owner, true}))`:  "cannot convert",
		`_, err := access.Check[may](ctx, roster, actor, 42); return err`:                           "does not satisfy access.Right",
	} {
		problems := source.check("package elsewhere\n" + `
			import ("context"; "guildwatch/internal/access"; "guildwatch/internal/snowflake"; "guildwatch/store")
			type own struct { actor access.Actor; guild snowflake.GuildID; role access.Role; made bool }
			type may struct{}
			func (may) right() {}
			func deleteRules(access.Grant[access.DeleteRules]) error { return nil }
			func do(ctx context.Context, s *store.Store, roster access.Roster, actor access.Actor) error { ` + body + ` }`)
		switch text := strings.Join(problems, "\n"); {
		case want == "" && text != "":
			t.Errorf("this should compile: %s\n%s", body, text)
		case want != "" && (len(problems) == 0 || !strings.Contains(text, want)):
			t.Errorf("this should not compile (%s): %s\n%s", want, body, text)
		}
	}
}

// source checks the types of programs that import packages of this module, all read from their source.
type source struct {
	files    *token.FileSet
	standard types.Importer
	known    map[string]*types.Package
}

func newSource() *source {
	files := token.NewFileSet()
	return &source{files: files, standard: importer.ForCompiler(files, "source", nil), known: map[string]*types.Package{}}
}

// check gives what a compiler would say about a program.
func (s *source) check(program string) (problems []string) {
	file, err := parser.ParseFile(s.files, "elsewhere.go", program, 0)
	if err != nil {
		return []string{"syntax: " + err.Error()}
	}
	config := types.Config{Importer: s, Error: func(err error) {
		if !strings.Contains(err.Error(), "imported and not used") {
			problems = append(problems, err.Error())
		}
	}}
	_, _ = config.Check("elsewhere", s.files, []*ast.File{file}, nil) // Error has heard everything
	return problems
}

// Import gives a package: this module's and the standard library's as they are, an empty one for any other, which
// nothing here speaks of.
func (s *source) Import(path string) (*types.Package, error) {
	if known := s.known[path]; known != nil {
		return known, nil
	}
	inside, ours := strings.CutPrefix(path, "guildwatch/")
	switch {
	case !ours && strings.Contains(path, "."):
		s.known[path] = types.NewPackage(path, filepath.Base(path))
		s.known[path].MarkComplete()
		return s.known[path], nil
	case !ours:
		return s.standard.Import(path)
	}
	names, err := filepath.Glob(filepath.Join("..", filepath.FromSlash(inside), "*.go"))
	if err != nil {
		return nil, err
	}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, "_windows.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		file, err := parser.ParseFile(s.files, name, text, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	// Bodies do not matter, and other people's packages are empty here: that some of theirs is missing is no matter.
	config := types.Config{Importer: s, IgnoreFuncBodies: true, Error: func(error) {}}
	s.known[path], _ = config.Check(path, s.files, files, nil)
	return s.known[path], nil
}

// A grant that was refused is worth nothing: whoever forgets to look at the error stops here.
func TestRefusedGrantsPanic(t *testing.T) {
	s := storetest.New(t)
	refused, _ := access.Check[access.ManageRoles](t.Context(), asRole(access.Admin), access.Person(7, true), 1)
	settings, _ := access.Check[access.UpdateSettings](t.Context(), asRole(access.None), access.Person(7, true), 1)
	for what, use := range map[string]func(context.Context) error{
		"AssignRole": func(ctx context.Context) error {
			return s.AssignRole(ctx, refused, access.Member(8), access.Viewer)
		},
		"UpdateSettings": func(ctx context.Context) error { return s.UpdateSettings(ctx, settings, store.Settings{}) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s went on with a zero grant", what)
				}
			}()
			t.Errorf("%s answered %v to a zero grant", what, use(t.Context()))
		}()
	}
}
