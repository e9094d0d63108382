import { AppError, badRequest, notFound } from '#lib/server/platform/errors.ts';

export const settingsLocked = (refusal: string) => badRequest(refusal);
export const settingsChanged = () => new AppError(412, 'Someone else changed the settings in the meantime');
export const settingsGroupNotFound = () => notFound('There is no such group of settings');
export const settingsRefused = (fieldErrors: Readonly<Record<string, string>>) =>
	badRequest('Validation failed', {
		fieldErrors,
		shown: 'Couldn’t save. Check the highlighted fields.'
	});
export const secretNeeded = (secret: string, setting: string, field: string) =>
	badRequest(`${secret}: enter the secret again, because ${setting} has changed`, {
		fieldErrors: { [field]: 'Enter this again: the stored secret is only sent to the server that it was entered for.' },
		shown: 'Couldn’t save. Check the highlighted fields.'
	});
export const invalidMailServer = (field: string, words: string, cause: unknown) =>
	badRequest('Invalid SMTP configuration', { cause, fieldErrors: { [field]: words }, shown: words });
export const issuerOfOther = (path: string) => {
	const words =
		'The provider announces the issuer of another provider. If that is intended, enter it as the expected issuer.';
	return badRequest(`${path}: ${words}`, { fieldErrors: { issuerUrl: words }, shown: words });
};
export const invalidStorageTemplate = (reason: string) => badRequest(`Invalid storage template: ${reason}`);
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
export const onlyAdminWhoCanSignIn = (isPasswordLoginOn: boolean) =>
	badRequest(
		isPasswordLoginOn
			? 'No other administrator can sign in. Give one of them a password, or link them to a provider first.'
			: 'No other administrator can sign in while password sign-in is off. Link one of them to a provider first.',
		{ field: 'isAdmin' }
	);
export const providerUnknown = (id: string, known: readonly string[]) =>
	badRequest(`There is no provider ${id}. There is: ${known.join(', ')}.`);
export const providerIncomplete = (id: string) =>
	badRequest(`The provider ${id} has no issuer URL or no client ID. Enter them in the settings first.`);
