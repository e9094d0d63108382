import { AppError, badRequest } from '#lib/server/platform/errors.ts';

/** Why a program gets no token (yet). Source: RFC 8628 §3.5 and RFC 6749 §5.2. */
const refusal = (oauthError: string, message: string) => badRequest(message, { oauthError });

export const authorizationPending = () => refusal('authorization_pending', 'The user has not answered yet');
export const slowDown = () => refusal('slow_down', 'Polled too early');
export const expiredDeviceCode = () => refusal('expired_token', 'The device code has expired');
export const deniedDeviceCode = () => refusal('access_denied', 'The user denied the sign-in');
export const invalidDeviceCode = () => refusal('invalid_grant', 'The device code is unknown, used or void');
export const unsupportedGrantType = () => refusal('unsupported_grant_type', 'Unsupported grant type');
export const tooManyDeviceCodes = (retryAfterSeconds: number) =>
	new AppError(429, 'Too many sign-in requests. Please try again later.', { retryAfterSeconds });

const startAgain = 'Start the sign-in again in the program to get a new one.';
export const unknownUserCode = () =>
	badRequest('Unknown user code', {
		field: 'code',
		shown: 'No program is waiting with this code. Compare it with the one that the program shows.'
	});
export const expiredUserCode = () =>
	badRequest('The user code has expired', { field: 'code', shown: `This code has expired. ${startAgain}` });
export const usedUserCode = () =>
	badRequest('The user code has been used', { field: 'code', shown: `This code has been used already. ${startAgain}` });
export const approvingSessionNeeded = () =>
	badRequest('Only a session that was started by signing in can approve', {
		shown: 'You can’t approve this here: sign in with a browser first.'
	});
