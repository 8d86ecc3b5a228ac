// Package profile knows where a person's data lies on disk and what the
// application remembers between two starts.
//
// Under one data folder there may be several profiles, so that two windows run
// side by side on one machine (--profile). Each profile has its settings and,
// for every account it signed in to, a folder with that account's history. The
// server inside the application is shared by all profiles of a data folder:
//
//	DATA/server/                     the embedded server, if there is one
//	DATA/profiles/NAME/settings.json
//	DATA/profiles/NAME/settings.lock/  held while the settings are changed
//	DATA/profiles/NAME/lock            held by the profile's window
//	DATA/profiles/NAME/accounts/KEY/history.db
//
// Nothing here opens a window, a store or a connection.
package profile
