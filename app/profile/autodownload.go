package profile

// AutoDownload says up to how many bytes a file is fetched by itself when its
// message arrives; 0 for never. Thumbnails and stills count as images.
type AutoDownload struct {
	Image int64 `json:"image"`
	Audio int64 `json:"audio"`
	Video int64 `json:"video"`
	File  int64 `json:"file"`
}

// DefaultAutoDownload is used until a person chooses: pictures of the usual size and
// voice notes come, what may be large waits to be asked for.
func DefaultAutoDownload() AutoDownload { return AutoDownload{Image: 10 << 20, Audio: 10 << 20} }

// Downloads are the rules in use.
func (s *Settings) Downloads() AutoDownload {
	if s.AutoDownload != nil {
		return *s.AutoDownload
	}
	return DefaultAutoDownload()
}
