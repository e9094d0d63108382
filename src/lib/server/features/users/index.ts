export { EmailOriginRepository, type RemovedCredentials } from './email-origin.repository.ts';
export { UserCopyRepository } from './list-stream/user-export-stream.repository.ts';
export { rewriteHashes } from './password-hashes.sql.ts';
export { mustChangePassword } from './must-change-password.sql.ts';
export { PasswordPolicy } from './password-policy.ts';
export { PasswordStateRepository } from './password-state.repository.ts';
export { UserAdminService } from './user-admin.service.ts';
export { changedOnly, refuseTaken, storageLabelOf, translateTaken } from './user-changes.ts';
export { colorOf, toUserAdminDto } from './user-dto.ts';
export { UserPasswordService } from './user-password.service.ts';
export {
	type SignInAccount,
	TakenError,
	type UserChanges,
	UserRepository,
	type UserRow,
	type UserSecrets
} from './user.repository.ts';
export { UserService } from './user.service.ts';
