// Package archtest holds the directions in which Magpie's packages may import
// one another and the libraries below them, and the test that keeps them.
//
// The test reads the import clauses of every Go file in the module, whatever
// its build tags and system, so a file that only one platform compiles is held
// to the rules on all of them. golangci-lint's depguard (.golangci.yml) knows
// the main ones too, for editors; where the two differ, this one is right.
//
// Begin with [Rooms]. To let a package import something new, change the table
// in the same commit that does so, and say in docs/decisions.md why.
package archtest
