import { defineAuditActions } from '../audit/audit-action.ts';

export const licenseAuditActions = defineAuditActions({
	'license.set': { title: 'Product key set', done: '{actor} set a product key' },
	'license.remove': { title: 'Product key removed', done: '{actor} removed the product key' }
});
