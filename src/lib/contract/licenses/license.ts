import { z } from 'zod';
import { defineOperations } from '../operation.ts';
import { UserLicense } from '../users/user.ts';

export const LicenseKeyDto = z
	.object({
		/** `IMCL` for one user, `IMSV` for a server. */
		licenseKey: z.string().regex(/^IM(SV|CL)(-[\dA-Za-z]{4}){8}$/),
		/** Signature of the license key, base64. */
		activationKey: z.string().max(65_536)
	})
	.meta({ id: 'LicenseKeyDto' });

export const licenseOperations = defineOperations({
	getUserLicense: {
		summary: 'Get your product key',
		rest: 'GET /api/users/me/license',
		access: { permission: 'userLicense.read' },
		reply: UserLicense
	},
	setUserLicense: {
		summary: 'Set your product key',
		rest: 'PUT /api/users/me/license',
		access: { permission: 'userLicense.update' },
		body: LicenseKeyDto,
		reply: UserLicense
	},
	deleteUserLicense: {
		summary: 'Delete your product key',
		rest: 'DELETE /api/users/me/license',
		access: { permission: 'userLicense.delete' },
		status: 204
	},
	getServerLicense: {
		summary: 'Get the server’s product key',
		rest: 'GET /api/server/license',
		access: { permission: 'serverLicense.read', admin: true },
		reply: UserLicense
	},
	setServerLicense: {
		summary: 'Store the server’s product key, once its signature has been verified',
		rest: 'PUT /api/server/license',
		access: { permission: 'serverLicense.update', admin: true },
		body: LicenseKeyDto,
		reply: UserLicense
	},
	deleteServerLicense: {
		summary: 'Forget the server’s product key',
		rest: 'DELETE /api/server/license',
		access: { permission: 'serverLicense.delete', admin: true },
		status: 204
	}
});
