// Package imtest makes random values of the model for tests: every field of
// every type is filled by reflection, so that a field that is added later is
// tested without anybody thinking of it. Only tests import it.
package imtest
