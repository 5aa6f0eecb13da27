import type { Rule } from '../src/rule.ts';
import agentDirDeprecated from './agent/dir-deprecated.ts';
import agentInvalidName from './agent/invalid-name.ts';
import agentNoCompute from './agent/no-compute.ts';
import agentsDiscoverability from './agents/discoverability.ts';
import agentsLeftoverTasks from './agents/leftover-tasks.ts';
import appInvalidOrDuplicateSlug from './app/invalid-or-duplicate-slug.ts';
import appNoHealthcheck from './app/no-healthcheck.ts';
import appUnusableForTask from './app/unusable-for-task.ts';
import legacyAiPromptInModule from './legacy/ai-prompt-in-module.ts';
import legacyAiPromptInPreset from './legacy/ai-prompt-in-preset.ts';
import legacyAiPromptMissing from './legacy/ai-prompt-missing.ts';
import legacyAiPromptParameter from './legacy/ai-prompt-parameter.ts';
import lifecycleGracePeriod from './lifecycle/grace-period.ts';
import lifecycleNoPersistentHome from './lifecycle/no-persistent-home.ts';
import lifecycleStatePersistence from './lifecycle/state-persistence.ts';
import moduleDroppedTasks from './module/dropped-tasks.ts';
import moduleInputConflict from './module/input-conflict.ts';
import moduleLegacyAiTask from './module/legacy-ai-task.ts';
import moduleMissingInput from './module/missing-input.ts';
import moduleMultipleAgents from './module/multiple-agents.ts';
import moduleNoTasksRelease from './module/no-tasks-release.ts';
import moduleOutputMissing from './module/output-missing.ts';
import moduleUnboundedVersion from './module/unbounded-version.ts';
import moduleUnknownInput from './module/unknown-input.ts';
import moduleUnknownVersion from './module/unknown-version.ts';
import moduleUnresolved from './module/unresolved.ts';
import paramInvalidFlags from './param/invalid-flags.ts';
import paramRequiredWithoutPreset from './param/required-without-preset.ts';
import presetDefault from './preset/default.ts';
import presetPrebuildIncomplete from './preset/prebuild-incomplete.ts';
import presetUnknownParameter from './preset/unknown-parameter.ts';
import promptCoalesceOfEmpty from './prompt/coalesce-of-empty.ts';
import promptLegacyEnv from './prompt/legacy-env.ts';
import promptNotWired from './prompt/not-wired.ts';
import promptShellInterpolation from './prompt/shell-interpolation.ts';
import providerTooOld from './provider/too-old.ts';
import providerUnbounded from './provider/unbounded.ts';
import providerUnknownArgument from './provider/unknown-argument.ts';
import securityHardcodedSecret from './security/hardcoded-secret.ts';
import securityPermissionBypass from './security/permission-bypass.ts';
import securityPublicShare from './security/public-share.ts';
import securitySecretParameter from './security/secret-parameter.ts';
import securitySensitiveVariable from './security/sensitive-variable.ts';
import securityUnpinnedAgent from './security/unpinned-agent.ts';
import supplyChainIoc from './supply-chain/ioc.ts';
import syntaxInvalidHcl from './syntax/invalid-hcl.ts';
import taskAppIdConflict from './task/app-id-conflict.ts';
import taskAppIdInvalid from './task/app-id-invalid.ts';
import taskAppIdMissing from './task/app-id-missing.ts';
import taskAppIdNotAnApp from './task/app-id-not-an-app.ts';
import taskAppIdUnsupported from './task/app-id-unsupported.ts';
import taskComputedInCount from './task/computed-in-count.ts';
import taskConditionalAiTask from './task/conditional-ai-task.ts';
import taskCountIndexMismatch from './task/count-index-mismatch.ts';
import taskMultipleAiTasks from './task/multiple-ai-tasks.ts';
import taskNotCapable from './task/not-capable.ts';
import taskSidebarAppDeprecated from './task/sidebar-app-deprecated.ts';
import taskUnavailableOnTarget from './task/unavailable-on-target.ts';
import taskUnknownAttribute from './task/unknown-attribute.ts';
import taskUnknownCoderType from './task/unknown-coder-type.ts';
import uploadArchiveTooLarge from './upload/archive-too-large.ts';
import uploadNoLockFile from './upload/no-lock-file.ts';
import uploadOutsideFolder from './upload/outside-folder.ts';

/** All rules, in order of their ids. */
export const rules: readonly Rule[] = [
  agentDirDeprecated,
  agentInvalidName,
  agentNoCompute,
  agentsDiscoverability,
  agentsLeftoverTasks,
  appInvalidOrDuplicateSlug,
  appNoHealthcheck,
  appUnusableForTask,
  legacyAiPromptInModule,
  legacyAiPromptInPreset,
  legacyAiPromptMissing,
  legacyAiPromptParameter,
  lifecycleGracePeriod,
  lifecycleNoPersistentHome,
  lifecycleStatePersistence,
  moduleDroppedTasks,
  moduleInputConflict,
  moduleLegacyAiTask,
  moduleMissingInput,
  moduleMultipleAgents,
  moduleNoTasksRelease,
  moduleOutputMissing,
  moduleUnboundedVersion,
  moduleUnknownInput,
  moduleUnknownVersion,
  moduleUnresolved,
  paramInvalidFlags,
  paramRequiredWithoutPreset,
  presetDefault,
  presetPrebuildIncomplete,
  presetUnknownParameter,
  promptCoalesceOfEmpty,
  promptLegacyEnv,
  promptNotWired,
  promptShellInterpolation,
  providerTooOld,
  providerUnbounded,
  providerUnknownArgument,
  securityHardcodedSecret,
  securityPermissionBypass,
  securityPublicShare,
  securitySecretParameter,
  securitySensitiveVariable,
  securityUnpinnedAgent,
  supplyChainIoc,
  syntaxInvalidHcl,
  taskAppIdConflict,
  taskAppIdInvalid,
  taskAppIdMissing,
  taskAppIdNotAnApp,
  taskAppIdUnsupported,
  taskComputedInCount,
  taskConditionalAiTask,
  taskCountIndexMismatch,
  taskMultipleAiTasks,
  taskNotCapable,
  taskSidebarAppDeprecated,
  taskUnavailableOnTarget,
  taskUnknownAttribute,
  taskUnknownCoderType,
  uploadArchiveTooLarge,
  uploadNoLockFile,
  uploadOutsideFolder,
];
