export { authCodec, sessionCodec, type AuthMethod, type Session } from './codec.ts';
export { ProfileNameError, SessionFileError } from './errors.ts';
export {
	DEFAULT_PROFILE,
	baseConfigDir,
	clear,
	configDir,
	getCurrentProfile,
	listProfiles,
	load,
	save,
	setCurrentProfile
} from './profiles.ts';
export { createSession, formatSession, isExpired, isJwtExpired } from './session.ts';
