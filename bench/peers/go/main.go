// Peer: the job of `authlog analyze` in Go: golang-jwt and the standard regexp.
// Usage: peer FILE KEY-FILE [REGEX]. Prints one JSON line of counts.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"regexp"

	"github.com/golang-jwt/jwt/v5"
)

type claims struct {
	UserID string `json:"user_id"`
	Email  string `json:"email"`
	jwt.RegisteredClaims
}

type user struct {
	email        string
	tokens       int
	latestExpiry int64
}

type counts struct {
	Tokens       int `json:"tokens"`
	Accepted     int `json:"accepted"`
	Expired      int `json:"expired"`
	BadSignature int `json:"bad_signature"`
	Other        int `json:"other"`
	Users        int `json:"users"`
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func verificationKey(file string) (any, string) {
	content, err := os.ReadFile(file)
	check(err)
	if bytes.HasPrefix(content, []byte("-----BEGIN")) {
		key, err := jwt.ParseRSAPublicKeyFromPEM(content)
		check(err)
		return key, "RS256"
	}
	return bytes.TrimSuffix(content, []byte("\n")), "HS256"
}

func main() {
	pattern := `Token: (\S+)`
	if len(os.Args) > 3 {
		pattern = os.Args[3]
	}
	tokenPattern := regexp.MustCompile(pattern)
	key, algorithm := verificationKey(os.Args[2])
	keyFunc := func(*jwt.Token) (any, error) { return key, nil }
	parser := jwt.NewParser(jwt.WithValidMethods([]string{algorithm}), jwt.WithExpirationRequired())

	log, err := os.Open(os.Args[1])
	check(err)
	scanner := bufio.NewScanner(log)
	scanner.Buffer(make([]byte, 1<<18), 1<<20)
	users := make(map[string]*user)
	var total counts
	for scanner.Scan() {
		found := tokenPattern.FindSubmatch(scanner.Bytes())
		if found == nil {
			continue
		}
		total.Tokens++
		var decoded claims
		_, err := parser.ParseWithClaims(string(found[1]), &decoded, keyFunc)
		switch {
		case err == nil:
			total.Accepted++
			one := users[decoded.UserID]
			if one == nil {
				one = &user{}
				users[decoded.UserID] = one
			}
			one.tokens++
			one.email = decoded.Email
			one.latestExpiry = max(one.latestExpiry, decoded.ExpiresAt.Unix())
		case errors.Is(err, jwt.ErrTokenSignatureInvalid):
			total.BadSignature++
		case errors.Is(err, jwt.ErrTokenExpired):
			total.Expired++
		default:
			total.Other++
		}
	}
	check(scanner.Err())
	total.Users = len(users)
	check(json.NewEncoder(os.Stdout).Encode(total))
}
