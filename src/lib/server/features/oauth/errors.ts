import { AppError, badRequest, inMinutes } from '#lib/server/platform/errors.ts';

export const signInBegunElsewhere = 'This sign-in was begun in another browser, or too long ago. Begin it again.';
export const tooManyFlows = (retryAfterSeconds: number) =>
	new AppError(429, 'Too many sign-ins begun. Please try again later.', {
		retryAfterSeconds,
		shown: `Too many sign-ins have been begun from your network. Try again in ${inMinutes(retryAfterSeconds)}.`
	});
export const oauthDisabled = () =>
	badRequest('OAuth is not enabled', { shown: 'Signing in through this provider is switched off.' });
export const oauthStateMissing = () => badRequest('OAuth state is missing', { shown: signInBegunElsewhere });
export const oauthVerifierMissing = () => badRequest('OAuth code verifier is missing', { shown: signInBegunElsewhere });
export const codeChallengeUsed = () =>
	badRequest('codeChallenge has been used already', { shown: signInBegunElsewhere });
export const oauthRedirectInvalid = () => badRequest('redirectUri must be a valid URL');
/** The reason is shown only to users the provider has authenticated. */
export const oauthRefused = (shown: string) => badRequest('OAuth authentication failed', { shown });
export const oauthWithoutEmail = () =>
	badRequest('OAuth profile does not have an email address', {
		shown: 'Your provider didn’t share your e-mail address, which is required to create an account.'
	});
export const oauthLinkedElsewhere = () =>
	badRequest('This OAuth account has already been linked to another user.', {
		shown: 'This account of the provider is linked to another account here already.'
	});
export const discoveryFailed = (reason: string, cause: unknown) =>
	new AppError(500, `Error in OAuth discovery: ${reason}`, {
		cause,
		shown: 'The provider cannot be reached at the moment. Try again, or sign in in another way.'
	});
export const logoutWhileDisabled = () => badRequest('Received backchannel logout request but OAuth is not enabled');
export const logoutTokenInvalid = (cause?: unknown) =>
	badRequest('Error backchannel logout: token validation failed', { cause });
export const logoutTokenWithoutSubject = () =>
	badRequest('Invalid logout token: it must contain either a sub or a sid claim');
export const providerNameTaken = () => badRequest('There is a provider of this name already', { field: 'id' });
export const providersFull = () => badRequest('There are as many providers as there can be', { field: 'id' });
