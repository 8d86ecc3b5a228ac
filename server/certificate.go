package server

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"time"

	"magpie/internal/seal"
)

// certificateFile has the certificate of a data folder and its key. It is made once:
// everybody who joined knows the server by it and refuses another one.
const certificateFile = "certificate.json"

// certificateYears is how long a certificate is valid for programs that ask. Those
// of this project compare the fingerprint and do not.
const certificateYears = 50

// certificate is certificateFile.
type certificate struct {
	Certificate []byte `json:"certificate"` // DER
	Key         []byte `json:"key"`         // PKCS #8
}

// loadCertificate reads the certificate of a data folder or makes it. A damaged one
// is an error: another would lock out everybody who joined.
func loadCertificate(data string, key *seal.Key, now time.Time) (tls.Certificate, error) {
	path := filepath.Join(data, certificateFile)
	var c certificate
	b, err := readFile(path, key)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if c, err = newCertificate(now); err != nil {
			return tls.Certificate{}, err
		}
		if err = errors.Join(writeJSON(path, c, key), syncFolder(data)); err != nil {
			return tls.Certificate{}, err
		}
		return c.pair()
	case err != nil:
		return tls.Certificate{}, fmt.Errorf("server: read certificate: %w", err)
	}
	if err := json.Unmarshal(b, &c); err != nil {
		return tls.Certificate{}, fmt.Errorf("server: %s is damaged: %w", certificateFile, err)
	}
	pair, err := c.pair()
	if err != nil {
		return pair, err
	}
	return pair, resealFile(path, c, key)
}

// resealFile writes a file anew if it is sealed and should not be, or the other way
// round.
func resealFile(path string, v any, key *seal.Key) error {
	b, err := os.ReadFile(path)
	if err != nil || seal.Is(b) == (key != nil) {
		return err
	}
	return writeJSON(path, v, key)
}

func newCertificate(now time.Time) (c certificate, err error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return c, fmt.Errorf("server: make certificate: %w", err)
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return c, fmt.Errorf("server: make certificate: %w", err)
	}
	template := x509.Certificate{
		SerialNumber: serial,
		// It says nothing of the computer or its owner: anybody on the network may see it.
		Subject:               pkix.Name{CommonName: "Magpie"},
		NotBefore:             now.AddDate(0, 0, -2), // clocks differ
		NotAfter:              now.AddDate(certificateYears, 0, 0),
		KeyUsage:              x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
	}
	if c.Certificate, err = x509.CreateCertificate(rand.Reader, &template, &template, private.Public(), private); err != nil {
		return c, fmt.Errorf("server: make certificate: %w", err)
	}
	if c.Key, err = x509.MarshalPKCS8PrivateKey(private); err != nil {
		return c, fmt.Errorf("server: make certificate: %w", err)
	}
	return c, nil
}

// pair is the certificate as TLS wants it; an error unless the key belongs to it.
func (c certificate) pair() (tls.Certificate, error) {
	damaged := func(why string) (tls.Certificate, error) {
		return tls.Certificate{}, fmt.Errorf("server: %s is damaged: %s", certificateFile, why)
	}
	leaf, err := x509.ParseCertificate(c.Certificate)
	if err != nil {
		return damaged(err.Error())
	}
	parsed, err := x509.ParsePKCS8PrivateKey(c.Key)
	if err != nil {
		return damaged(err.Error())
	}
	private, ok := parsed.(*ecdsa.PrivateKey)
	if !ok || !private.PublicKey.Equal(leaf.PublicKey) {
		return damaged("the key does not belong to the certificate")
	}
	return tls.Certificate{Certificate: [][]byte{c.Certificate}, PrivateKey: private, Leaf: leaf}, nil
}

// fingerprintOf is the SHA-256 of a certificate, in hexadecimal; "" for none.
func fingerprintOf(c tls.Certificate) string {
	if len(c.Certificate) == 0 {
		return ""
	}
	sum := sha256.Sum256(c.Certificate[0])
	return hex.EncodeToString(sum[:])
}

// tlsConfig is that of the listener for the network. HTTP/2 is left out: WebSockets
// have no place in it.
func tlsConfig(c tls.Certificate) *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{c}, MinVersion: tls.VersionTLS13, NextProtos: []string{"http/1.1"}}
}
