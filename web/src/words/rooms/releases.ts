export const words = {
  zh: {
    button: '发布', title: '结果发布', what: '测算结果由编制人提交、审核人审核、发布人发布，三步由三位不同人员完成；提交时冻结，不再改变。',
    submitThis: '提交当前结果', frozenWhat: '将冻结以下内容，连同全部结果、来源与目标判定：', versions: '版本', titleField: '标题', reason: '理由', submit: '提交',
    submitNote: '您将记为编制人，不能再审核或发布该结果。', openNote: '本机免登录使用，编制人可能是任何人：该结果可以冻结存档，但不能通过审核。', freezing: '正在测算并冻结…', seconds: '{n} 秒', list: '发布件', status: '状态', all: '全部状态', refresh: '刷新', none: '没有可见的发布件。',
    states: {
      RELEASE_STATUS_UNSPECIFIED: '未说明', RELEASE_STATUS_INTERNAL: '退回', RELEASE_STATUS_SUBMITTED: '待审核', RELEASE_STATUS_REVIEWED: '待发布',
      RELEASE_STATUS_RELEASED: '已发布', RELEASE_STATUS_SUPERSEDED: '已被替代', RELEASE_STATUS_WITHDRAWN: '已撤回',
    },
    done: {
      RELEASE_STATUS_UNSPECIFIED: '未说明', RELEASE_STATUS_INTERNAL: '退回', RELEASE_STATUS_SUBMITTED: '提交', RELEASE_STATUS_REVIEWED: '审核通过',
      RELEASE_STATUS_RELEASED: '发布', RELEASE_STATUS_SUPERSEDED: '被替代', RELEASE_STATUS_WITHDRAWN: '撤回',
    },
    returned: '已退回', back: '返回列表', openFrozen: '查看冻结的结果', close: '返回', steps: '经过', supersededBy: '已由以下结果替代：',
    next: { review: '审核', release: '发布', withdraw: '撤回' },
    notes: {
      review: '通过前在另一进程重新测算，摘要须与冻结的一致；退回则由编制人修改后重新提交。', release: '发布前再次重新测算并签名；发布后任何人可查看。', withdraw: '撤回后仍可查阅，标明已撤回；理由对公众可见。',
    },
    hindrances: {
      role: '您的角色不含“{act}”。', open: '本机免登录使用时不能{act}：需要三位登录的人员。', author: '您是编制人，{act}须由另一位人员完成。', reviewer: '您已审核过该结果，{act}须由另一位人员完成。', releaser: '您已发布过该结果，{act}须由另一位人员完成。',
    },
    supersedes: '替代已发布的结果', supersedesNone: '不替代', approve: '通过', return: '退回', release: '发布', withdraw: '撤回', reallyWithdraw: '再按一次撤回',
    again: '正在另一进程重新测算并核对摘要…', returning: '正在退回…', withdrawing: '正在撤回…',
    manifest: '清单', content: '内容摘要', manifestId: '清单编号', signature: '签名 (Ed25519)', publicKey: '公钥', processor: '处理器', grades: '数据等级', settings: '情景修改', sources: '数据来源',
    csv: 'CSV', json: 'JSON', excel: 'Excel', making: '正在生成…',
  },
  en: {
    button: 'Release', title: 'Release control', what: 'A result is submitted by its author, reviewed and released: three steps by three different people. It is frozen when submitted and never changes.',
    submitThis: 'Submit this result', frozenWhat: 'This is frozen, with all results, sources and verdicts on targets:', versions: 'Versions', titleField: 'Title', reason: 'Reason', submit: 'Submit',
    submitNote: 'You will stand as its author, and can neither review nor release it.', openNote: 'Used without signing in, its author may be anybody: it can be frozen and kept, but not be approved.', freezing: 'Being calculated and frozen…', seconds: '{n} s', list: 'Releases', status: 'State', all: 'all states', refresh: 'Refresh', none: 'There is no release that you may see.',
    states: {
      RELEASE_STATUS_UNSPECIFIED: 'not stated', RELEASE_STATUS_INTERNAL: 'returned', RELEASE_STATUS_SUBMITTED: 'submitted', RELEASE_STATUS_REVIEWED: 'reviewed',
      RELEASE_STATUS_RELEASED: 'released', RELEASE_STATUS_SUPERSEDED: 'superseded', RELEASE_STATUS_WITHDRAWN: 'withdrawn',
    },
    done: {
      RELEASE_STATUS_UNSPECIFIED: 'not stated', RELEASE_STATUS_INTERNAL: 'Returned', RELEASE_STATUS_SUBMITTED: 'Submitted', RELEASE_STATUS_REVIEWED: 'Approved',
      RELEASE_STATUS_RELEASED: 'Released', RELEASE_STATUS_SUPERSEDED: 'Superseded', RELEASE_STATUS_WITHDRAWN: 'Withdrawn',
    },
    returned: 'returned', back: 'Back to the list', openFrozen: 'Open the frozen result', close: 'Back', steps: 'Steps', supersededBy: 'In its place stands:',
    next: { review: 'Review', release: 'Release', withdraw: 'Withdraw' },
    notes: {
      review: 'Before it is approved it is calculated again in another process, and the digest must be that of the frozen one. Returned, its author mends it and submits it anew.',
      release: 'It is calculated again and signed; then anybody may read it.', withdraw: 'It stays retrievable, marked as withdrawn; the public sees the reason.',
    },
    hindrances: {
      role: 'Your roles do not include “{act}”.', open: 'Used without signing in, this machine cannot {act}: three people have to be signed in.', author: 'You are its author: to {act} it takes another person.', reviewer: 'You have reviewed it: to {act} it takes another person.', releaser: 'You have released it: to {act} it takes another person.',
    },
    supersedes: 'Supersedes a released result', supersedesNone: 'none', approve: 'Approve', return: 'Return', release: 'Release', withdraw: 'Withdraw', reallyWithdraw: 'Press again to withdraw',
    again: 'Being calculated again in another process, and compared…', returning: 'Being returned…', withdrawing: 'Being withdrawn…',
    manifest: 'Manifest', content: 'Digest of the content', manifestId: 'Manifest id', signature: 'Signature (Ed25519)', publicKey: 'Public key', processor: 'Processor', grades: 'Grades of the data', settings: 'Changes of the scenario', sources: 'Sources of the data',
    csv: 'CSV', json: 'JSON', excel: 'Excel', making: 'Being made…',
  },
}
