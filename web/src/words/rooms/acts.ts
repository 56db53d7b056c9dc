// What the access table allows or not, by its acts.
export const words = {
  zh: {
    reference: '查看目录数据', project: '测算', see_drafts: '查看已保存的情景与批次', keep: '保存与删除情景', batch: '批量测算', submit: '提交发布', see_releases: '查看发布流程中的结果',
    review: '审核', release: '发布与撤回', audit: '查看审计日志', operate: '运维',
  },
  en: {
    reference: 'read catalogue data', project: 'calculate', see_drafts: 'see kept scenarios and batches', keep: 'keep and delete scenarios', batch: 'run batches', submit: 'submit for release', see_releases: 'see results on their way to release',
    review: 'review', release: 'release and withdraw', audit: 'read the audit log', operate: 'operate',
  },
}
