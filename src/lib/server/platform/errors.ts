export type Status = 400 | 401 | 403 | 404 | 408 | 412 | 413 | 429 | 500 | 503;

interface Details {
	/** The underlying cause, for the log only. */
	readonly cause?: unknown;
	/** The form field this error belongs to. */
	readonly field?: string;
	/** Messages for several fields, shown in the console. */
	readonly fieldErrors?: Readonly<Record<string, string>>;
	/** The console's message, if it differs from Immich's. */
	readonly shown?: string;
	/** Validation issues of a body, query or path. */
	readonly issues?: readonly unknown[];
	readonly retryAfterSeconds?: number;
	/** Status of the error page, if it differs from the API's. */
	readonly pageStatus?: Status;
	/** Text below the heading of an error page. */
	readonly advice?: string;
}

/** An error shown to the caller: stable status and message, private cause. */
export class AppError extends Error {
	override readonly name = 'AppError';
	readonly status: Status;
	readonly details: Details;

	constructor(status: Status, message: string, details: Details = {}) {
		super(message, { cause: details.cause });
		this.status = status;
		this.details = details;
	}
}

// Texts and statuses match Immich's where clients see them:
// docs/wire-reference/errors.md#authentication-and-authorization-errors.
export const badRequest = (message: string, details?: Details) => new AppError(400, message, details);
export const notFound = (message: string) => new AppError(404, message);
export const validationFailed = (issues: readonly unknown[]) => new AppError(400, 'Validation failed', { issues });
const easyToGuess = 'This password is too easy to guess. Choose one that is less common and is not made of names.';
export const guessablePassword = (field: 'password' | 'newPassword') =>
	new AppError(400, 'Validation failed', {
		field,
		shown: easyToGuess,
		issues: [{ code: 'custom', path: [field], message: easyToGuess }]
	});
export const bodyTooLarge = () =>
	new AppError(413, 'Request body is too large', { shown: 'This is more than the server takes at once.' });
export const bodyTimedOut = () =>
	new AppError(408, 'Request body took too long', { shown: 'The upload stopped or was too slow. Try again.' });
export const unexpected = (message: string, cause: unknown) => new AppError(500, message, { cause });
export const overloaded = (retryAfterSeconds: number) =>
	new AppError(503, 'The server is busy. Please try again in a moment.', { retryAfterSeconds });
/** Never delivered. */
export const clientGone = () => badRequest('The client has gone away');
export const databaseUnreachable = (cause: unknown) =>
	new AppError(503, 'The database does not answer', { cause, retryAfterSeconds: 5 });
export const inMaintenance = () => new AppError(503, 'Server is in maintenance mode', { retryAfterSeconds: 30 });

export const jobRunning = () => badRequest('Job is already running');
export const invalidJobName = (name?: string) =>
	badRequest(name === undefined ? 'Invalid job name' : `Invalid job name: ${name}`);
export const unpausableQueue = () => badRequest('The BackgroundTask queue cannot be paused');

export const missingMaintenanceToken = () => new AppError(401, 'Missing JWT Token');
export const invalidMaintenanceToken = () =>
	new AppError(401, 'Invalid JWT Token', {
		field: 'secretToken',
		shown: 'This is no token of the maintenance that is going on, or it has expired.'
	});
export const notInMaintenance = () => badRequest('Not in maintenance mode', { shown: 'The maintenance is over.' });
export const startNeeded = () => badRequest('startsInMinutes is required while maintenance is off');
export const restoreUnsupported = () => badRequest('Restoring a database is not supported');

export const signInBegunElsewhere = 'This sign-in was begun in another browser, or too long ago. Begin it again.';

export const unauthorized = () => new AppError(401, 'Authentication required');
export const invalidUserToken = (cause?: unknown) => new AppError(401, 'Invalid user token', { cause });
export const invalidApiKey = () => new AppError(401, 'Invalid API key');
export const invalidShareKey = () => new AppError(401, 'Invalid share key');
export const invalidShareSlug = () => new AppError(401, 'Invalid share slug');
export const forbidden = (cause?: string) => new AppError(403, 'Forbidden', { cause });
export const crossSiteRequest = (details?: Details) => new AppError(403, 'Cross-site request refused', details);
export const missingPermission = (permission: string) =>
	new AppError(403, `Missing required permission: ${permission}`);
export const elevationRequired = () => new AppError(401, 'Elevated permission is required');
export const passwordChangeRequired = () => new AppError(403, 'Password change required');

export const incorrectLogin = () =>
	new AppError(401, 'Incorrect email or password', { shown: 'E-mail or password is wrong.' });
export const passwordLoginDisabled = () => new AppError(401, 'Password login has been disabled');
export const temporaryPasswordExpired = () =>
	new AppError(401, 'This temporary password has expired. Ask your administrator for a new one.');
export const wrongPassword = () =>
	badRequest('Wrong password', { field: 'password', shown: 'This is not your current password.' });
export const wrongCurrentPassword = () =>
	badRequest('Wrong password', { field: 'currentPassword', shown: 'This is not your current password.' });
export const currentPasswordNeeded = () =>
	badRequest('Current password is required', {
		field: 'currentPassword',
		shown: 'Enter your current password, or sign in again and make this change within 10 minutes.'
	});
export const recentSignInNeeded = () =>
	badRequest('A recent sign-in is required', {
		shown: 'Sign in again and make this change within 10 minutes.'
	});
export const passwordChangedElsewhere = () =>
	badRequest('Use POST /auth/change-password to change your password', { field: 'password' });
export const passwordTooNew = () =>
	badRequest('This password was set too recently. Use your PIN code.', {
		field: 'password',
		shown: 'This password was set less than 10 minutes ago. Use your PIN instead.'
	});
export const samePassword = (field: 'password' | 'newPassword') =>
	badRequest('The new password must differ from the current one', { field });
export const batchNotFound = () => notFound('There is no such batch');
export const batchStarted = () => badRequest('This has been started already');
export const batchRunning = () => badRequest('This is still running');
export const nothingFailed = () => badRequest('Nothing has failed');
export const noPasswordsWaiting = () => notFound('These passwords have been taken already');
export const wrongPickupKey = () =>
	badRequest('These passwords can be read only in the browser in which the change was started');
export const unreadableFile = (reason: string) => badRequest(reason, { field: 'csv' });
export const passwordRequired = () => badRequest('password is required', { field: 'password' });

/**
 * Neither reveals whether it exists.
 * Source: docs/wire-reference/sessions.md#session-endpoints and docs/wire-reference/api-keys.md#api-key-endpoints.
 */
export const noAccess = (permission: string) => badRequest(`Not found or no ${permission} access`);
export const notificationNotFound = () => badRequest('Notification not found');
export const apiKeyNotFound = () => badRequest('API Key not found', { pageStatus: 404 });
export const notByApiKey = () => new AppError(403, 'Not authenticated with an API Key');
export const ungrantable = () => badRequest('Cannot grant permissions you do not have');
export const unrotatable = () => badRequest('Cannot rotate an API Key with permissions you do not have');
export const outliving = () => badRequest('Cannot make an API Key live longer than the calling one');
export const tooManyApiKeys = (most: number) => badRequest(`A user can have at most ${most} API keys`);
export const tooManyChildSessions = (most: number) =>
	badRequest(`A user can have at most ${most} sessions that other sessions started`);
export const trimOutdated = () =>
	badRequest('What the API Key has used is no longer what this goes by', {
		shown: 'This key has been used or changed since the page was opened. Look at the list again.'
	});
export const sessionNeeded = () => badRequest('This endpoint can only be used with a session token');
export const nothingToUpdate = () => badRequest('No fields to update');

export const pinCodeSet = () => badRequest('User already has a PIN code', { shown: 'You have a PIN already.' });
export const noPinCode = () => badRequest('User does not have a PIN code', { shown: 'You have no PIN.' });
export const wrongPinCode = () => badRequest('Wrong PIN code', { field: 'pinCode', shown: 'This is not your PIN.' });
export const pinOrPasswordNeeded = () =>
	badRequest('Either password or pinCode is required', { shown: 'Fill in your PIN or your password.' });
export const tooManyAttempts = (retryAfterSeconds: number) =>
	new AppError(429, 'Too many attempts. Please try again later.', {
		retryAfterSeconds,
		shown: `That was wrong too often. Try again in ${inMinutes(retryAfterSeconds)}.`
	});
export const tooManySignIns = (retryAfterSeconds: number) =>
	new AppError(429, 'Too many wrong passwords. Please try again later.', {
		retryAfterSeconds,
		shown: `Too many wrong passwords. Try again in ${inMinutes(retryAfterSeconds)}.`
	});
export const tooManyFlows = (retryAfterSeconds: number) =>
	new AppError(429, 'Too many sign-ins begun. Please try again later.', {
		retryAfterSeconds,
		shown: `Too many sign-ins have been begun from your network. Try again in ${inMinutes(retryAfterSeconds)}.`
	});
const inMinutes = (seconds: number): string => (seconds <= 60 ? 'a minute' : `${Math.ceil(seconds / 60)} minutes`);

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
		shown: 'The provider has not told your e-mail address, without which no account can be made.'
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
export const logoutTokenOfNobody = () =>
	badRequest('Invalid logout token: it must contain either a sub or a sid claim');

export const setupDisabled = () => badRequest('Admin setup is disabled');
export const setupCodeRequired = () =>
	new AppError(403, 'Setup code required', {
		field: 'setupCode',
		shown: 'Enter the setup code from the output of the server.'
	});
export const setupCodeWrong = () =>
	new AppError(403, 'Wrong setup code', {
		field: 'setupCode',
		shown: 'This is not the setup code of this server.'
	});
export const adminExists = () => badRequest('The server already has an admin');
export const firstAccountMustBeAdmin = () => badRequest('The first registered account must the administrator.');

export const userNotFound = () => badRequest('User not found', { pageStatus: 404 });
export const emailTaken = () =>
	badRequest('Email is not available', { field: 'email', shown: 'This e-mail belongs to another account.' });
export const storageLabelTaken = () =>
	badRequest('Storage label already in use by another account', {
		field: 'storageLabel',
		shown: 'This label belongs to another account.'
	});
export const unsupportedFileType = (name: string) =>
	badRequest(`Unsupported file type ${name}`, {
		field: 'file',
		shown: 'This is no picture that can be used. Choose a JPEG, PNG, WebP, GIF or AVIF file.'
	});
export const unreadableImage = (cause: unknown) =>
	badRequest('Unable to process profile image', {
		cause,
		field: 'file',
		shown: 'This picture is damaged, too large or of a kind that cannot be read here. Choose another one.'
	});
export const noProfileImage = () =>
	badRequest("Can't delete a missing profile Image", { shown: 'There is no picture.' });
export const invalidLicenseKey = () => badRequest('Invalid license key');
export const tooLongRange = (maxDays: number) =>
	badRequest(`The range must begin before it ends and have at most ${maxDays} days`);

export const settingsLocked = (refusal: string) => badRequest(refusal);
export const settingsChanged = () => new AppError(412, 'The configuration has been changed by somebody else meanwhile');
export const settingsGroupNotFound = () => notFound('There is no such group of settings');
export const settingsRefused = (fieldErrors: Readonly<Record<string, string>>) =>
	badRequest('Validation failed', {
		fieldErrors,
		shown: 'Some of this cannot be saved. Look at the fields that are marked.'
	});
export const secretNeeded = (secret: string, setting: string, field: string) =>
	badRequest(`${secret}: enter the secret again, because ${setting} has changed`, {
		fieldErrors: { [field]: 'Enter this again: the stored secret is only sent to the server that it was entered for.' },
		shown: 'Some of this cannot be saved. Look at the fields that are marked.'
	});
export const providerNameTaken = () => badRequest('There is a provider of this name already', { field: 'id' });
export const providersFull = () => badRequest('There are as many providers as there can be', { field: 'id' });
export const invalidMailServer = (field: string, words: string, cause: unknown) =>
	badRequest('Invalid SMTP configuration', { cause, fieldErrors: { [field]: words }, shown: words });
export const issuerOfOther = (path: string) => {
	const words =
		'The provider announces the issuer of another provider. If that is intended, enter it as the expected issuer.';
	return badRequest(`${path}: ${words}`, { fieldErrors: { issuerUrl: words }, shown: words });
};
export const invalidStorageTemplate = (reason: string) => badRequest(`Invalid storage template: ${reason}`);

export const ownAdminStatus = () =>
	badRequest('Admin status can only be changed by another admin', { field: 'isAdmin' });
export const lastAdmin = () => badRequest('The last administrator cannot be removed', { field: 'isAdmin' });
export const ownAccountDeletion = () => new AppError(403, 'Cannot delete your own account');
const listed = (emails: readonly string[]): string =>
	`${emails.slice(0, 10).join(', ')}${emails.length > 10 ? ' …' : ''}`;
export const adminsStranded = (emails: readonly string[], isPasswordLoginOn: boolean) =>
	badRequest(
		isPasswordLoginOn
			? `Administrators without a password could no longer sign in: ${listed(emails)}. Give them temporary passwords first.`
			: `Password sign-in is off, so these administrators could no longer sign in: ${listed(emails)}. Turn it on first.`
	);
export const adminsNeedPasswords = (emails: readonly string[]) =>
	badRequest(
		`Without password sign-in no administrator could sign in: ${listed(emails)}. Link one of them to a provider first.`
	);
export const notConfirmed = (words: string) => badRequest(`Type ‘${words}’ to confirm`, { field: 'confirmation' });
export const confirmationMismatch = () =>
	badRequest('Type the e-mail address of this account to confirm', { field: 'confirmation' });
