# language: zh-CN
功能: 未加密的连接一律不予办理

  背景:
    假如 本单位正式运行，前面的代理是"10.0.0.1"

  @SEC-16
  场景大纲: 正式运行时，经网络而未加密的请求被拒绝，什么也不显示
    当 "secretary"从"<来处>"经"<连接>"打开"<地址>"
    那么 答复是<状态>，<内容>

    例子:
      | 来处       | 连接     | 地址               | 状态 | 内容           |
      | 10.0.0.1   | https    | /api/v1/tasks      | 200  | 有待办         |
      | 10.0.0.1   | http     | /api/v1/tasks      | 403  | 说明须用 https |
      | 10.0.0.1   | 没有说明 | /api/v1/tasks      | 403  | 说明须用 https |
      | 10.0.0.7   | http     | /api/v1/tasks      | 403  | 说明须用 https |
      | 10.0.0.7   | https    | /api/v1/tasks      | 403  | 说明须用 https |
      | 10.0.0.7   | http     | /sign-in           | 403  | 说明须用 https |
      | 10.0.0.7   | http     | /static/built/app.css | 403 | 说明须用 https |
      | 127.0.0.1  | http     | /healthz           | 503  | 说明运行状态   |

  @SEC-16
  场景大纲: 到数据库和邮件服务器的连接不加密，程序不启动
    当 正式运行时"<设置>"是"<值>"
    那么 程序<结果>

    例子:
      | 设置         | 值                                                  | 结果                           |
      | DATABASE_URL | postgresql://gongwen@db.example.cn/gongwen          | 不启动，指出"DATABASE_URL"     |
      | DATABASE_URL | postgresql://gongwen@db/gongwen?sslmode=prefer      | 不启动，指出"DATABASE_URL"     |
      | DATABASE_URL | postgresql:///gongwen?host=db.example.cn            | 不启动，指出"DATABASE_URL"     |
      | DATABASE_URL | postgresql://gongwen@db/gongwen?sslmode=verify-full | 可以启动                       |
      | DATABASE_URL | postgresql://gongwen@127.0.0.1/gongwen              | 可以启动                       |
      | DATABASE_URL | postgresql:///gongwen?host=/run/postgresql          | 可以启动                       |
      | GONGWEN_SMS  | http://sms.example.cn/send                          | 不启动，指出"GONGWEN_SMS"      |
