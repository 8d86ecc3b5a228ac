package store

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"go.etcd.io/bbolt"

	"magpie/im"
)

// record is a value of the buckets profile, group and member: JSON, so that
// what the model learns later needs no new format, sealed like every value.
type record struct{ key, value []byte }

func (f *form) sealRecord(k kind, key []byte, v any) (record, error) {
	if len(key) == 0 || len(key) > maxKeyBytes {
		return record{}, im.Errorf(im.CodeInvalidParameter, "store: id of %d bytes", len(key))
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return record{}, fmt.Errorf("store: record %.64q: %w", key, err)
	}
	e := newEncoder(len(raw))
	e.b = append(e.b, raw...)
	return record{key, f.sealer(k, "").seal(key, e.b)}, nil
}

func (f *form) openRecord(k kind, key, value []byte, into any) error {
	d, err := f.sealer(k, "").open(key, value)
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
		r, err := s.form.sealRecord(kindProfile, []byte(profiles[i].UserID), &profiles[i])
		if err != nil {
			return err
		}
		records = append(records, r)
	}
	return s.putRecords(ctx, bucketProfile, records)
}

// Profile returns what PutProfiles stored.
func (s *Store) Profile(user im.UserID) (p im.Profile, found bool, err error) {
	found, err = s.getRecord(bucketProfile, kindProfile, []byte(user), &p)
	return p, found, err
}

// PutGroup stores the profile of a group, gathered with other writes of the
// network.
func (s *Store) PutGroup(ctx context.Context, g im.Group) error {
	r, err := s.form.sealRecord(kindGroup, []byte(g.GroupID), &g)
	if err != nil {
		return err
	}
	return s.putRecords(ctx, bucketGroup, []record{r})
}

// Group returns what PutGroup stored.
func (s *Store) Group(id im.GroupID) (g im.Group, found bool, err error) {
	found, err = s.getRecord(bucketGroup, kindGroup, []byte(id), &g)
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
	return list, nil
}

// PutMembers replaces the members of a group, gathered with other writes of the
// network.
func (s *Store) PutMembers(ctx context.Context, group im.GroupID, members []im.GroupMember) error {
	prefix, err := memberPrefix(group)
	if err != nil {
		return err
	}
	records := make([]record, 0, len(members))
	for i := range members {
		if members[i].UserID == "" {
			return im.Errorf(im.CodeInvalidUserID, "store: a member without id")
		}
		key := append(bytes.Clone(prefix), members[i].UserID...)
		r, err := s.form.sealRecord(kindMember, key, &members[i])
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
	prefix, err := memberPrefix(group)
	if err != nil {
		return nil, err
	}
	var list []im.GroupMember
	err = s.view(func(tx *txn) error {
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
	return list, nil
}

// memberPrefix is the group and a NUL, which ids of groups never contain.
func memberPrefix(group im.GroupID) ([]byte, error) {
	if err := group.Validate(); err != nil {
		return nil, err
	}
	return append([]byte(group), 0), nil
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

func (s *Store) getRecord(bucket []byte, k kind, key []byte, into any) (found bool, err error) {
	err = s.view(func(tx *txn) error {
		raw := tx.Bucket(bucket).Get(key)
		if raw == nil {
			return nil
		}
		found = true
		return tx.openRecord(k, key, raw, into)
	})
	return found && err == nil, err
}
