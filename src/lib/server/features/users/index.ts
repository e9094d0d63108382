export { createUsers, type UsersFeature } from './feature.ts';
export type { RemovedCredentials } from './email-origin.repository.ts';
export { mustChangePassword } from './must-change-password.sql.ts';
export type { OwnPassword } from './own-password.ts';
export type { PasswordPolicy } from './password-policy.ts';
export type { PasswordStateRepository } from './password-state.repository.ts';
export {
	changedOnly,
	refuseTaken,
	refuseWithoutOtherAdmin,
	normalizeStorageLabel,
	translateTaken
} from './user-changes.ts';
export { getUserColor, type PublicUser, publicUserColumns, toUserAdminDto, toUserDto } from './user-dto.ts';
export { type SignInUser, TakenError, type UserRepository, type UserRow, type UserSecrets } from './user.repository.ts';
export { userDirectRepositories, type UserRepositories, userRepositories } from './repositories.ts';
export { firstUserMustBeAdmin, samePassword, wrongPassword } from './errors.ts';
