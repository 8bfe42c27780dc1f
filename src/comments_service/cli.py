"""The commands of a site owner, each a module of its own, attached here by one line."""

from comments_service.commands.doctor import doctor
from comments_service.commands.mail import mail_allow, mail_bounce, mail_test
from comments_service.commands.migrate import migrate
from comments_service.commands.moderate import moderate
from comments_service.commands.moderator import moderator
from comments_service.commands.reader import reader
from comments_service.commands.running import Commands
from comments_service.commands.secrets import secrets
from comments_service.commands.serve import serve
from comments_service.commands.site import site
from comments_service.commands.token import token
from comments_service.commands.worker import worker
from comments_service.demo.command import demo

main = Commands(name="comments-service", help="A self-hosted comment service for news sites.")
main.add_command(demo)
main.add_command(doctor)
main.add_command(mail_allow)
main.add_command(mail_bounce)
main.add_command(mail_test)
main.add_command(migrate)
main.add_command(moderate)
main.add_command(moderator)
main.add_command(reader)
main.add_command(secrets)
main.add_command(serve)
main.add_command(site)
main.add_command(token)
main.add_command(worker)
