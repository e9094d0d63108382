import { AppError, badRequest, inMinutes } from '#lib/server/platform/errors.ts';

export const signInBegunElsewhere = 'This sign-in has expired or was started in another browser. Please start again.';
export const tooManyFlows = (retryAfterSeconds: number) =>
	new AppError(429, 'Too many sign-ins started. Please try again later.', {
		retryAfterSeconds,
		shown: `Too many sign-ins from your network. Try again in ${inMinutes(retryAfterSeconds)}.`
	});
export const oauthDisabled = () =>
	badRequest('OAuth is not enabled', { shown: 'Sign-in with this provider is turned off.' });
export const oauthStateMissing = () => badRequest('OAuth state is missing', { shown: signInBegunElsewhere });
export const oauthVerifierMissing = () => badRequest('OAuth code verifier is missing', { shown: signInBegunElsewhere });
export const codeChallengeUsed = () =>
	badRequest('codeChallenge has been used already', { shown: signInBegunElsewhere });
export const oauthRedirectInvalid = () => badRequest('redirectUri must be a valid URL');
/** The reason is shown only to users the provider has authenticated. */
export const oauthRefused = (shown: string) => badRequest('OAuth authentication failed', { shown });
export const oauthWithoutEmail = () =>
	badRequest('OAuth profile does not have an email address', {
		shown: 'Your provider didn’t share your email, which is required to create an account.'
	});
export const oauthLinkedElsewhere = () =>
	badRequest('This OAuth account has already been linked to another user.', {
		shown: 'This account is already linked to another user.'
	});
export const discoveryFailed = (reason: string, cause: unknown) =>
	new AppError(500, `Error in OAuth discovery: ${reason}`, {
		cause,
		shown: 'Couldn’t reach the provider. Try again later or sign in another way.'
	});
export const logoutWhileDisabled = () => badRequest('Received backchannel logout request but OAuth is not enabled');
export const logoutTokenInvalid = (cause?: unknown) =>
	badRequest('Error backchannel logout: token validation failed', { cause });
export const logoutTokenWithoutSubject = () =>
	badRequest('Invalid logout token: it must contain either a sub or a sid claim');
export const providerNameTaken = () => badRequest('A provider with this ID already exists', { field: 'id' });
export const providersFull = () => badRequest('Maximum number of providers reached', { field: 'id' });
