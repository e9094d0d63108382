import { AppError, badRequest } from '#lib/server/platform/errors.ts';

export const missingMaintenanceToken = () => new AppError(401, 'Missing JWT Token');
export const invalidMaintenanceToken = () =>
	new AppError(401, 'Invalid JWT Token', {
		field: 'secretToken',
		shown: 'Invalid or expired maintenance token.'
	});
export const notInMaintenance = () =>
	badRequest('Not in maintenance mode', { shown: 'Maintenance has already ended.' });
export const startNeeded = () => badRequest('startsInMinutes is required while maintenance is off');
export const restoreUnsupported = () => badRequest('Restoring a database is not supported');
