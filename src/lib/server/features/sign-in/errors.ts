import { AppError, badRequest, inMinutes } from '#lib/server/platform/errors.ts';

export const incorrectLogin = () =>
	new AppError(401, 'Incorrect email or password', { shown: 'Incorrect email or password.' });
export const passwordLoginDisabled = () => new AppError(401, 'Password login has been disabled');
export const temporaryPasswordExpired = () =>
	new AppError(401, 'This temporary password has expired. Ask your administrator for a new one.');
export const passwordTooNew = () =>
	badRequest('This password was set too recently. Use your PIN code.', {
		field: 'password',
		shown: 'This password was set less than 10 minutes ago. Use your PIN instead.'
	});
export const pinCodeSet = () => badRequest('User already has a PIN code', { shown: 'You have a PIN already.' });
export const noPinCode = () => badRequest('User does not have a PIN code', { shown: 'You have no PIN.' });
export const wrongPinCode = () => badRequest('Wrong PIN code', { field: 'pinCode', shown: 'Incorrect PIN.' });
export const pinOrPasswordNeeded = () =>
	badRequest('Either password or pinCode is required', { shown: 'Enter your PIN or password.' });
export const tooManySignIns = (retryAfterSeconds: number) =>
	new AppError(429, 'Too many wrong passwords. Please try again later.', {
		retryAfterSeconds,
		shown: `Too many wrong passwords. Try again in ${inMinutes(retryAfterSeconds)}.`
	});
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
