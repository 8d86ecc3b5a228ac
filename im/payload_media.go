package im

import "time"

// ImageSizeType says which of the three sizes an [ImageInfo] describes.
type ImageSizeType int

// Image sizes: the original, 720 and 198 pixels on the short side.
const (
	ImageOriginal  ImageSizeType = 1
	ImageLarge     ImageSizeType = 2
	ImageThumbnail ImageSizeType = 3
)

// Image formats of the interface; Unknown stands for all others.
const (
	ImageJPEG    = 1
	ImageGIF     = 2
	ImagePNG     = 3
	ImageBMP     = 4
	ImageWebP    = 5 // ours; the interface sends 255
	ImageUnknown = 255
)

// ImagePayload is a picture in up to three sizes: thumbnail, large, original,
// in this order. Preview is a JPEG of at most 4 KB that is shown before any
// download.
type ImagePayload struct {
	UUID           string      `json:"uuid"`
	ImageFormat    int         `json:"imageFormat"`
	ImageInfoArray []ImageInfo `json:"imageInfoArray"`
	Preview        []byte      `json:"preview,omitempty"`
}

// ImageInfo is one size of a picture; Width and Height are pixels, Size bytes.
type ImageInfo struct {
	InstanceID string        `json:"instanceID,omitempty"`
	SizeType   ImageSizeType `json:"sizeType"`
	Size       int64         `json:"size"`
	Width      int           `json:"width"`
	Height     int           `json:"height"`
	ImageURL   string        `json:"imageUrl"`
	URL        string        `json:"url,omitempty"`
}

// Type implements Payload.
func (ImagePayload) Type() MessageType { return MsgImage }

// Validate refuses a picture without address or size (2403), of more than 20 MB (2253).
func (p ImagePayload) Validate() error {
	if len(p.ImageInfoArray) == 0 || len(p.ImageInfoArray) > 3 {
		return Errorf(CodeFileURLMissing, "a picture has 1 to 3 sizes, not %d", len(p.ImageInfoArray))
	}
	if first := p.ImageInfoArray[0]; first.ImageURL == "" || first.Size <= 0 {
		return Errorf(CodeFileURLMissing, "the picture has no address or no size")
	}
	if p.ImageFormat < 0 || p.ImageFormat > ImageUnknown {
		return Errorf(CodeInvalidParameter, "picture format %d is out of range", p.ImageFormat)
	}
	for _, info := range p.ImageInfoArray {
		if info.ImageURL == "" {
			return Errorf(CodeFileURLMissing, "one size of the picture has no address")
		}
		if info.Size > MaxImageBytes {
			return Errorf(CodeImageTooLarge, "picture of %d bytes, %d are allowed", info.Size, MaxImageBytes)
		}
		if info.SizeType < ImageOriginal || info.SizeType > ImageThumbnail {
			return Errorf(CodeInvalidParameter, "picture size type %d is not 1, 2 or 3", info.SizeType)
		}
		if err := checkPixels(info.Width, info.Height, info.Size); err != nil {
			return err
		}
		if err := checkTexts(info.InstanceID, info.ImageURL, info.URL); err != nil {
			return err
		}
	}
	if err := checkPreview(p.Preview); err != nil {
		return err
	}
	return checkTexts(p.UUID)
}

// checkPixels refuses sizes that nothing real has, so that who lays them out
// can multiply without care.
func checkPixels(width, height int, size int64) error {
	if width < 0 || height < 0 || width > MaxPixels || height > MaxPixels || size < 0 {
		return Errorf(CodeInvalidParameter, "picture of %d x %d pixels and %d bytes; sides of 0 to %d are allowed", width, height, size, MaxPixels)
	}
	return nil
}

func checkPreview(b []byte) error {
	if len(b) > MaxPreviewBytes {
		return Errorf(CodeInvalidParameter, "preview of %d bytes, %d are allowed", len(b), MaxPreviewBytes)
	}
	return nil
}

// AudioPayload is a voice note. Second is its length rounded up, Size in
// bytes; Peaks are up to 100 loudness values 0–255 for the waveform.
type AudioPayload struct {
	UUID           string `json:"uuid"`
	URL            string `json:"url"`
	RemoteAudioURL string `json:"remoteAudioUrl,omitempty"`
	Size           int64  `json:"size"`
	Second         int    `json:"second"`
	DownloadFlag   int    `json:"downloadFlag,omitempty"`
	Format         string `json:"format,omitempty"`
	Peaks          []byte `json:"peaks,omitempty"`
}

// Type implements Payload.
func (AudioPayload) Type() MessageType { return MsgAudio }

// Validate refuses a note without address (2403) or of more than 20 MB (2301).
func (p AudioPayload) Validate() error {
	if p.URL == "" && p.RemoteAudioURL == "" {
		return Errorf(CodeFileURLMissing, "the voice note has no address")
	}
	if p.Size <= 0 {
		return Errorf(CodeFileEmpty, "the voice note is empty")
	}
	if p.Size > MaxAudioBytes {
		return Errorf(CodeAudioTooLarge, "voice note of %d bytes, %d are allowed", p.Size, MaxAudioBytes)
	}
	if p.Second < 0 || p.Second > int(MaxAudio/time.Second) {
		return Errorf(CodeInvalidParameter, "voice note of %d s, 0 to %d are allowed", p.Second, int(MaxAudio/time.Second))
	}
	if len(p.Peaks) > MaxPeaks {
		return Errorf(CodeInvalidParameter, "voice note with %d peaks, %d are allowed", len(p.Peaks), MaxPeaks)
	}
	return checkTexts(p.UUID, p.URL, p.RemoteAudioURL, p.Format)
}

// VideoPayload is a film with its still. VideoSecond is whole seconds, sizes
// are bytes, Thumb* describe the still; without one ThumbURL is empty and
// ThumbWidth and ThumbHeight still give the shape.
type VideoPayload struct {
	VideoUUID         string `json:"videoUUID"`
	VideoURL          string `json:"videoUrl"`
	RemoteVideoURL    string `json:"remoteVideoUrl,omitempty"`
	VideoFormat       string `json:"videoFormat"`
	VideoSecond       int    `json:"videoSecond"`
	VideoSize         int64  `json:"videoSize"`
	VideoDownloadFlag int    `json:"videoDownloadFlag,omitempty"`
	ThumbUUID         string `json:"thumbUUID,omitempty"`
	ThumbURL          string `json:"thumbUrl,omitempty"`
	ThumbFormat       string `json:"thumbFormat,omitempty"`
	ThumbWidth        int    `json:"thumbWidth"`
	ThumbHeight       int    `json:"thumbHeight"`
	ThumbSize         int64  `json:"thumbSize,omitempty"`
	ThumbDownloadFlag int    `json:"thumbDownloadFlag,omitempty"`
	Preview           []byte `json:"preview,omitempty"`
}

// Type implements Payload.
func (VideoPayload) Type() MessageType { return MsgVideo }

// Validate refuses a film without address (2403) or of more than 100 MB (2351).
func (p VideoPayload) Validate() error {
	if p.VideoURL == "" && p.RemoteVideoURL == "" {
		return Errorf(CodeFileURLMissing, "the video has no address")
	}
	if p.VideoSize <= 0 {
		return Errorf(CodeFileEmpty, "the video is empty")
	}
	if p.VideoSize > MaxVideoBytes {
		return Errorf(CodeVideoTooLarge, "video of %d bytes, %d are allowed", p.VideoSize, MaxVideoBytes)
	}
	if p.VideoSecond < 0 || p.VideoSecond > int(MaxVideo/time.Second) {
		return Errorf(CodeInvalidParameter, "video of %d s, 0 to %d are allowed", p.VideoSecond, int(MaxVideo/time.Second))
	}
	if p.ThumbSize > MaxImageBytes {
		return Errorf(CodeImageTooLarge, "still of %d bytes, %d are allowed", p.ThumbSize, MaxImageBytes)
	}
	if err := checkPixels(p.ThumbWidth, p.ThumbHeight, p.ThumbSize); err != nil {
		return err
	}
	if err := checkPreview(p.Preview); err != nil {
		return err
	}
	return checkTexts(p.VideoUUID, p.VideoURL, p.RemoteVideoURL, p.VideoFormat, p.ThumbUUID, p.ThumbURL, p.ThumbFormat)
}

// FilePayload is any file of 1 byte to 100 MB. FileName is shown and never
// used as a path. Preview is a JPEG of at most 4 KB of what is in it, such as a film that
// goes as a file.
type FilePayload struct {
	UUID         string `json:"uuid"`
	FileName     string `json:"fileName"`
	FileSize     int64  `json:"fileSize"`
	FileURL      string `json:"fileUrl"`
	DownloadFlag int    `json:"downloadFlag,omitempty"`
	Preview      []byte `json:"preview,omitempty"`
}

// Type implements Payload.
func (FilePayload) Type() MessageType { return MsgFile }

// Validate refuses a file without address or name (2403), empty (2108), or of
// more than 100 MB (2402).
func (p FilePayload) Validate() error {
	if p.FileURL == "" || p.FileName == "" {
		return Errorf(CodeFileURLMissing, "the file has no address or no name")
	}
	if p.FileSize <= 0 {
		return Errorf(CodeFileEmpty, "the file is empty")
	}
	if p.FileSize > MaxFileBytes {
		return Errorf(CodeFileTooLarge, "file of %d bytes, %d are allowed", p.FileSize, MaxFileBytes)
	}
	if err := checkPreview(p.Preview); err != nil {
		return err
	}
	return checkTexts(p.UUID, p.FileName, p.FileURL)
}
