/** The version of Immich whose API this server implements. */
export const spokenVersion = { major: 3, minor: 2, patch: 2, prerelease: null };

/** The same as a release tag. */
export const spokenTag = `v${spokenVersion.major}.${spokenVersion.minor}.${spokenVersion.patch}`;
