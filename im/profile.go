package im

import "time"

// Profile is what a user shows of itself.
type Profile struct {
	UserID          UserID            `json:"userID"`
	Nick            string            `json:"nick,omitempty"`
	Avatar          string            `json:"avatar,omitempty"`
	Gender          Gender            `json:"gender,omitempty"`
	Birthday        int               `json:"birthday,omitempty"` // yyyymmdd
	Location        string            `json:"location,omitempty"`
	SelfSignature   string            `json:"selfSignature,omitempty"`
	AllowType       AllowType         `json:"allowType,omitempty"`
	Language        int               `json:"language,omitempty"`
	MessageSettings int               `json:"messageSettings,omitempty"`
	Level           int               `json:"level,omitempty"`
	Role            int               `json:"role,omitempty"`
	LastUpdatedTime int64             `json:"lastUpdatedTime,omitempty"` // ms since 1970
	CustomField     map[string]string `json:"profileCustomField,omitempty"`
}

// Name is the best name to show: the nick, else the id.
func (p *Profile) Name() string {
	if p.Nick != "" {
		return p.Nick
	}
	return string(p.UserID)
}

// Validate checks what a user may set. The error is an *Error with code 40601
// or 40605.
func (p *Profile) Validate() error {
	for _, f := range []struct {
		name, value string
		max         int
	}{
		{"nick", p.Nick, MaxNickBytes},
		{"avatar", p.Avatar, MaxAvatarBytes},
		{"signature", p.SelfSignature, MaxSignatureBytes},
		{"location", p.Location, MaxLocationBytes},
	} {
		if !validText(f.value, f.max) {
			return Errorf(CodeProfileValueTooLong, "%s of %d bytes, %d are allowed, as UTF-8 without NUL", f.name, len(f.value), f.max)
		}
	}
	// The nick stands for the user on one line wherever it is named.
	if !validName(p.Nick, MaxNickBytes) {
		return Errorf(CodeProfileValueInvalid, "the nick has control characters or direction controls")
	}
	if p.Birthday != 0 && !validDate(p.Birthday) {
		return Errorf(CodeProfileValueInvalid, "birthday %d is not a date as yyyymmdd", p.Birthday)
	}
	if p.Language < 0 || p.MessageSettings < 0 || p.Level < 0 || p.Role < 0 {
		return Errorf(CodeProfileValueInvalid, "language, messageSettings, level and role are not negative")
	}
	switch p.Gender {
	case "", GenderUnknown, GenderFemale, GenderMale:
	default:
		return Errorf(CodeProfileValueInvalid, "gender %.32q is not known", p.Gender)
	}
	switch p.AllowType {
	case "", AllowAny, AllowNeedConfirm, AllowDenyAny:
	default:
		return Errorf(CodeProfileValueInvalid, "allowType %.32q is not known", p.AllowType)
	}
	if len(p.CustomField) > MaxProfileFields {
		return Errorf(CodeProfileValueInvalid, "%d custom fields, %d are allowed", len(p.CustomField), MaxProfileFields)
	}
	for k, v := range p.CustomField {
		if !validText(k, MaxNickBytes) || k == "" || !validText(v, MaxNickBytes) {
			return Errorf(CodeProfileValueTooLong, "custom field of %d bytes, %d are allowed", len(v), MaxNickBytes)
		}
	}
	return nil
}

// validDate reports whether d is a day of the calendar, written yyyymmdd.
func validDate(d int) bool {
	if d < 1_01_01 || d > 9999_12_31 {
		return false
	}
	y, m, day := d/10000, d/100%100, d%100
	t := time.Date(y, time.Month(m), day, 0, 0, 0, 0, time.UTC)
	return t.Year() == y && int(t.Month()) == m && t.Day() == day
}

// UserPresence is whether a user is connected somewhere.
type UserPresence struct {
	UserID     UserID     `json:"userID"`
	StatusType UserStatus `json:"statusType"`
}
