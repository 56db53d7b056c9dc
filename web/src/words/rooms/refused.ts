// What the service refuses, by its reason.
export const words = {
  zh: {
    NOT_ALLOWED: '没有权限。', lacks: '没有权限：您的角色或地区范围不含“{act}”{where}。请向管理员申请，或由有权限的人员操作。', where: '（{place}）',
    SAME_PERSON: '编制、审核、发布须由三位不同人员完成；您已承担其中一步，请由另一位有权限的人员操作。',
    CAPACITY: '服务繁忙，多次重试未成，请稍后再试。', NO_TIME: '时限不足，服务未开始测算，请稍后再试。',
    AUDIT_AWAY: '审计日志不可写，服务拒绝一切变更，请告知运维人员。', NOT_REPRODUCED: '重新测算的结果与提交时不一致，未予通过；请以现行模型与数据重新提交。',
    RELEASE_STATE: '该结果的当前状态不允许此操作，可能刚有他人处理；请刷新列表。', UNKNOWN_RELEASE: '没有该结果，或您无权查看。',
    NO_STORE: '本服务未配置存储，不能保存。',
  },
  en: {
    NOT_ALLOWED: 'Not allowed.', lacks: 'Not allowed: your roles or scope do not cover “{act}”{where}. Ask the administrator, or have somebody do it who may.', where: ' ({place})',
    SAME_PERSON: 'Author, reviewer and releaser must be three different people; you have taken one of the steps. Have another authorised person do this one.',
    CAPACITY: 'The service is busy and several tries did not get through. Please try again later.', NO_TIME: 'Too little time was left, so nothing was calculated. Please try again later.',
    AUDIT_AWAY: 'The audit log cannot be written, so the service changes nothing. Please tell the operator.', NOT_REPRODUCED: 'Calculated again, the result is not what was handed in, so it does not go on. Submit it anew with the present model and data.',
    RELEASE_STATE: 'The present state does not allow this step; somebody may just have acted on it. Please refresh the list.', UNKNOWN_RELEASE: 'There is no such result, or you may not see it.',
    NO_STORE: 'This service keeps nothing: no store is set.',
  },
}
