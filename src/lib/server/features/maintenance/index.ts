export { createMaintenance, type MaintenanceFeature } from './feature.ts';
export type { MaintenanceService } from './maintenance.service.ts';
export type { MaintenanceMode } from './mode.ts';
export { maintenanceRepositories } from './repositories.ts';
