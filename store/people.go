package store

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"go.etcd.io/bbolt"

	"magpie/im"
	"magpie/internal/seal"
)

// record is a value of the buckets profile, group and member: JSON, so that
// what the model learns later needs no new format, sealed like every value.
type record struct{ key, value []byte }

// sealRecord seals what is kept under some ids: one, or those of a group and a
// user for a member.
func (f *form) sealRecord(k kind, v any, ids ...string) (record, error) {
	for _, id := range ids {
		if id == "" || len(id) > maxKeyBytes {
			return record{}, im.Errorf(im.CodeInvalidParameter, "store: id of %d bytes", len(id))
		}
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return record{}, fmt.Errorf("store: record %.64q: %w", ids, err)
	}
	key := f.name(ids[0])
	if k == kindMember {
		key = append(f.memberPrefix(im.GroupID(ids[0])), f.name(ids[1])...)
	}
	e := newEncoder(len(raw))
	e.b = append(e.b, raw...)
	return record{key, f.sealer(k, "").seal(key, e.b)}, nil
}

func (f *form) openRecord(k kind, key, value []byte, into any) error {
	sum := f.lend(k)
	defer f.back(sum)
	d, err := sum.open(key, value)
	if err == nil {
		err = json.Unmarshal(d.rest, into)
	}
	if err != nil {
		return damaged("record", key, err)
	}
	return nil
}

// PutProfiles stores what users show of themselves, gathered with other writes
// of the network.
func (s *Store) PutProfiles(ctx context.Context, profiles []im.Profile) error {
	records := make([]record, 0, len(profiles))
	for i := range profiles {
		r, err := s.form.sealRecord(kindProfile, &profiles[i], string(profiles[i].UserID))
		if err != nil {
			return err
		}
		records = append(records, r)
	}
	return s.putRecords(ctx, bucketProfile, records)
}

// Profile returns what PutProfiles stored.
func (s *Store) Profile(user im.UserID) (p im.Profile, found bool, err error) {
	found, err = s.getRecord(bucketProfile, kindProfile, string(user), &p)
	return p, found, err
}

// PutGroup stores the profile of a group, gathered with other writes of the
// network.
func (s *Store) PutGroup(ctx context.Context, g im.Group) error {
	r, err := s.form.sealRecord(kindGroup, &g, string(g.GroupID))
	if err != nil {
		return err
	}
	return s.putRecords(ctx, bucketGroup, []record{r})
}

// Group returns what PutGroup stored.
func (s *Store) Group(id im.GroupID) (g im.Group, found bool, err error) {
	found, err = s.getRecord(bucketGroup, kindGroup, string(id), &g)
	return g, found, err
}

// Groups returns every group that PutGroup stored, by id.
func (s *Store) Groups() ([]im.Group, error) {
	var list []im.Group
	err := s.view(func(tx *txn) error {
		return tx.Bucket(bucketGroup).ForEach(func(k, v []byte) error {
			var g im.Group
			err := tx.openRecord(kindGroup, k, v, &g)
			list = append(list, g)
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(list, func(a, b im.Group) int { return cmp.Compare(a.GroupID, b.GroupID) })
	return list, nil
}

// PutMembers replaces the members of a group, gathered with other writes of the
// network.
func (s *Store) PutMembers(ctx context.Context, group im.GroupID, members []im.GroupMember) error {
	if err := group.Validate(); err != nil {
		return err
	}
	prefix := s.form.memberPrefix(group)
	records := make([]record, 0, len(members))
	for i := range members {
		if members[i].UserID == "" {
			return im.Errorf(im.CodeInvalidUserID, "store: a member without id")
		}
		r, err := s.form.sealRecord(kindMember, &members[i], string(group), string(members[i].UserID))
		if err != nil {
			return err
		}
		records = append(records, r)
	}
	return s.write(ctx, false, func(tx *txn) error {
		b := tx.Bucket(bucketMember)
		var gone [][]byte
		c := b.Cursor()
		for k, _ := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = c.Next() {
			gone = append(gone, bytes.Clone(k))
		}
		for _, k := range gone {
			if err := b.Delete(k); err != nil {
				return err
			}
		}
		return putAll(b, records)
	})
}

// Members returns what PutMembers stored, by user id.
func (s *Store) Members(group im.GroupID) ([]im.GroupMember, error) {
	if err := group.Validate(); err != nil {
		return nil, err
	}
	prefix := s.form.memberPrefix(group)
	var list []im.GroupMember
	err := s.view(func(tx *txn) error {
		c := tx.Bucket(bucketMember).Cursor()
		for k, v := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, v = c.Next() {
			var m im.GroupMember
			if err := tx.openRecord(kindMember, k, v, &m); err != nil {
				return err
			}
			list = append(list, m)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	// In a sealed file the keys have another order.
	slices.SortFunc(list, func(a, b im.GroupMember) int { return cmp.Compare(a.UserID, b.UserID) })
	return list, nil
}

// memberPrefix is with what the keys of the members of a group begin: its id and a
// NUL, which ids of groups never contain; in a sealed file the number of steps that
// its name is long, and the name.
func (f *form) memberPrefix(group im.GroupID) []byte {
	name := f.name(string(group))
	prefix := make([]byte, 0, 2*len(name)+3*seal.NameSize) // with room for the user
	if f == plain {
		return append(append(prefix, name...), 0)
	}
	return append(append(prefix, byte(len(name)/seal.NameSize)), name...)
}

func (s *Store) putRecords(ctx context.Context, bucket []byte, records []record) error {
	return s.write(ctx, false, func(tx *txn) error { return putAll(tx.Bucket(bucket), records) })
}

func putAll(b *bbolt.Bucket, records []record) error {
	for _, r := range records {
		if err := b.Put(r.key, r.value); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) getRecord(bucket []byte, k kind, id string, into any) (found bool, err error) {
	err = s.view(func(tx *txn) error {
		key := tx.name(id)
		raw := tx.Bucket(bucket).Get(key)
		if raw == nil {
			return nil
		}
		found = true
		return tx.openRecord(k, key, raw, into)
	})
	return found && err == nil, err
}

// memberIDs takes the key of a member apart.
func (f *form) memberIDs(key []byte) (im.GroupID, im.UserID, error) {
	if f == plain {
		group, user, ok := bytes.Cut(key, []byte{0})
		if !ok {
			return "", "", errShort
		}
		return im.GroupID(group), im.UserID(user), nil
	}
	if len(key) == 0 || 1+int(key[0])*seal.NameSize > len(key) {
		return "", "", errShort
	}
	n := 1 + int(key[0])*seal.NameSize
	group, err := f.id(key[1:n])
	if err != nil {
		return "", "", err
	}
	user, err := f.id(key[n:])
	return im.GroupID(group), im.UserID(user), err
}
