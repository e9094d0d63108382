import { z } from 'zod';
import { defineOperations } from './operation.ts';
import { UserLicense } from './user.ts';

export const LicenseKeyDto = z
	.object({
		/** `IMCL` for one person, `IMSV` for a server. */
		licenseKey: z.string().regex(/^IM(SV|CL)(-[\dA-Za-z]{4}){8}$/),
		/** A signature of the licence key, in base64. */
		activationKey: z.string()
	})
	.meta({ id: 'LicenseKeyDto' });

export const licenseOperations = defineOperations({
	getUserLicense: {
		summary: 'Read one’s own product key.',
		rest: 'GET /api/users/me/license',
		access: { permission: 'userLicense.read' },
		reply: UserLicense
	},
	setUserLicense: {
		summary: 'Store one’s own product key, once its signature has been verified.',
		rest: 'PUT /api/users/me/license',
		access: { permission: 'userLicense.update' },
		body: LicenseKeyDto,
		reply: UserLicense
	},
	deleteUserLicense: {
		summary: 'Forget one’s own product key.',
		rest: 'DELETE /api/users/me/license',
		access: { permission: 'userLicense.delete' },
		status: 204
	}
});
